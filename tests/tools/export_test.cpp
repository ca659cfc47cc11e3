// Runs as ITF, and back; as Mermaid.
#include <nlohmann/json.hpp>
#include <regex>
#include <set>

#include "tests/tools/binary.h"

namespace hmm {
namespace {

using Json = nlohmann::json;

const std::vector<std::string> kTraces{
    "traces/museum/MM-dirty-cow/bug.trace", "traces/museum/MIG-25/bug.trace",
    "traces/defects/unmap_forgives_device_ref.trace", "traces/museum/HMM-17/bug.trace"};

// `a -> b`, in `text` once.
std::string replaced(std::string text, const std::string& a, const std::string& b) {
  const std::size_t at = text.find(a);
  REQUIRE(at != text.npos);
  return text.replace(at, a.size(), b);
}

struct Exported {
  Folder folder;
  std::string itf = run("replay --export itf traces/museum/MM-dirty-cow/bug.trace").out;
  // What replay says of the text.
  Ran replay(const std::string& text) {
    return run("replay -q " + folder.file("x.itf.json", text));
  }
};

}  // namespace

TEST_CASE("ITF is what Apalache's ADR 015 says") {
  const Json itf = Json::parse(Exported().itf);
  CHECK(itf["#meta"]["format"] == "ITF");
  CHECK(itf["vars"].size() + 1 == itf["states"][0].size());  // and its own #meta
  REQUIRE(itf["states"].size() == 9);
  for (std::size_t i = 0; i < 9; ++i) {
    const Json& state = itf["states"][i];
    CHECK(state["#meta"]["index"] == i);
    for (const auto& name : itf["vars"]) CHECK(state.contains(name.get<std::string>()));
  }
  const Json& last = itf["states"][8];
  CHECK(last["step"]["tag"] == "hold_store");
  CHECK(last["step"]["value"]["value"]["#bigint"] == "1");
  CHECK(last["verdict"] == "ok");
  CHECK(last["violated"]["#set"] == Json{"cpu_coherence", "exclusive_page_is_not_shared"});
  CHECK(last["pte"]["#map"][0][0]["#tup"] == Json{{{"#bigint", "0"}}, {{"#bigint", "0"}}});
  CHECK(last["pte"]["#map"][0][1]["kind"] == "present");
  CHECK(last["page"]["#map"][0][0]["#bigint"] == "1");
  CHECK(last["page"]["#map"][0][1]["refcount"]["#bigint"] == "3");
  CHECK(last["oops"]["bad_ref"] == false);
}

TEST_CASE("a trace that goes through ITF is the same run, and every row of it is compared") {
  for (const auto& trace : kTraces) {
    CAPTURE(trace);
    const Folder folder;
    const Ran first = run("replay --export itf " + trace);
    CHECK(first.code == 0);
    const std::string there = folder.file("a.itf.json", first.out);
    CHECK(run("replay --export itf " + there).out == first.out);
    CHECK(run("replay --export dot " + there).out == run("replay --export dot " + trace).out);
    const Ran back = run("replay -q --json " + there);
    CHECK(back.code == 0);
    CHECK(Json::parse(back.out.substr(0, back.out.find('\n')))["expectations"] > 50);
  }
}

TEST_CASE("what the model does otherwise than an ITF trace says is a divergence, by its line") {
  Exported one;
  const Ran ran = one.replay(
      replaced(one.itf, "\"refcount\":{\"#bigint\":\"1\"}", "\"refcount\":{\"#bigint\":\"2\"}"));
  CHECK(ran.code == 1);
  // The page has its first reference in state 2, on line 6.
  CHECK_THAT(ran.out, Catch::Contains("x.itf.json:6: expected page pfn=1 refcount=2"));
  CHECK_THAT(ran.out, Catch::Contains("found page pfn=1 refcount=1"));
}

TEST_CASE("what other programs write is read too: numbers, and any layout") {
  Exported one;
  const Json itf = Json::parse(one.itf);
  CHECK(one.replay(itf.dump(2) + "\n").code == 0);
  const std::regex bigint("\\{\"#bigint\":\"([0-9]+)\"\\}");
  CHECK(one.replay(std::regex_replace(one.itf, bigint, "$1")).code == 0);
}

TEST_CASE("JSON that is no trace is refused with its place") {
  Exported one;
  const auto refuses_text = [&](const std::string& text, const std::string& message) {
    const Ran ran = one.replay(text);
    CAPTURE(ran.out);
    CHECK(ran.code == 2);
    CHECK_THAT(ran.out, Catch::Contains("x.itf.json:" + message));
  };
  refuses_text("{\n\"a\":\n", "3: expected JSON, found what is none");
  refuses_text("{\n\"a\": " + std::string(1'000'000, '['), "2: expected JSON of fewer levels");
  refuses_text(replaced(one.itf, "\"scope pins\"", "\"scope \\u001bpins\""),
               "1: expected a string of one line, found \"scope \\u001bpins\"");
  refuses_text("{}", "1: expected an object with #meta, found {}");
  refuses_text(replaced(one.itf, "\"header\"", "\"head\""), "1: expected an object with header");
  refuses_text(replaced(one.itf, "\"scope pins\"", "\"scope pint\""), "1: expected a scope (");
  refuses_text(replaced(one.itf, "\"tag\":\"dup_mmap\"", "\"tag\":\"dup mmap\""),
               "7: expected a word, found \"dup mmap\"");
  refuses_text(replaced(one.itf, "\"tag\":\"dup_mmap\"", "\"tag\":\"dup_map\""),
               "7: expected a step");
  refuses_text(replaced(one.itf, "\"states\": [", "\"states\": {\"a\": 1}, \"b\": ["),
               "1: expected an array, found {\"a\":1}");
  refuses_text(replaced(one.itf, "{\"#tup\":[{\"#bigint\":\"0\"},{\"#bigint\":\"0\"}]}",
                        "{\"#bigint\":\"0\"}"),
               "4: expected 2 indexes of vma");
  refuses_text(replaced(one.itf, "\"alive\":true", "\"alive\":[]"),
               "4: expected a string of one line, found []");
}

TEST_CASE("an export is of one trace, of a format that is known, and alone") {
  refuses("replay --export itf " + kTraces[0] + " " + kTraces[1],
          "--export: expected one trace, found 2");
  refuses("replay --export svg " + kTraces[0], "svg");
  CHECK(run("replay --export mermaid " + kTraces[0]).out.starts_with("sequenceDiagram\n"));
}

TEST_CASE("a Mermaid diagram: participants first, then what is between them, each range closed") {
  const std::regex statement(
      "    (participant [a-z]+[0-9]+ as [a-z]+ [0-9]+"
      "|([a-z]+[0-9]+)(->>|--\\))([a-z]+[0-9]+): [0-9]+( [a-z0-9_ =]+\\([a-z_]+\\))?"
      "|(de)?activate [a-z]+[0-9]+"
      "|Note over [a-z]+[0-9]+(,[a-z]+[0-9]+)?: violated [a-z_, ]+)");
  for (const auto& trace : kTraces) {
    CAPTURE(trace);
    std::istringstream lines(run("replay --export mermaid " + trace).out);
    std::string line;
    std::getline(lines, line);
    CHECK(line == "sequenceDiagram");
    std::set<std::string> known, active;
    unsigned steps = 0;
    while (std::getline(lines, line)) {
      CAPTURE(line);
      std::smatch parts;
      REQUIRE(std::regex_match(line, parts, statement));
      std::istringstream words(line);
      std::string verb, who;
      words >> verb >> who;
      if (verb == "participant") known.insert(who);
      if (verb == "activate") CHECK(active.insert(who).second);
      if (verb == "deactivate") CHECK(active.erase(who) == 1);
      if (!parts[2].matched) continue;
      CHECK(known.count(parts[2]) == 1);
      CHECK(known.count(parts[4]) == 1);
      if (parts[5].matched) ++steps;
    }
    CHECK(steps == Json::parse(run("replay --export itf " + trace).out)["states"].size() - 1);
  }
}

}  // namespace hmm
