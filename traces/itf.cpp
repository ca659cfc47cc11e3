#include "traces/itf.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <nlohmann/json.hpp>
#include <optional>

#include "traces/want_text.h"

namespace hmm {
namespace {

using Json = nlohmann::ordered_json;

// Of the levels of a trace, with room for those of other programs: what prints JSON calls itself.
constexpr int kDeepest = 32;

Json json_of(unsigned number) { return {{"#bigint", std::to_string(number)}}; }

Json json_of(const Sort& sort, unsigned value) {
  if (sort.noun == Noun::flag) return value != 0;
  if (sort.noun == Noun::enumerator) return print_value(sort, value);
  return json_of(value);
}

Json json_of(const std::vector<unsigned>& index) {
  if (index.size() == 1) return json_of(index.front());
  Json all = Json::array();
  for (const unsigned i : index) all.push_back(json_of(i));
  return {{"#tup", all}};
}

Json json_of(const StateText::Table& table, const PlainRow& row) {
  Json record = Json::object();
  for (const auto& [i, value] : row.values)
    record[table.fields[i].name] = json_of(table.fields[i].sort, value);
  return record;
}

void add_tables(Json& state, const StateText& text, const Leaves& leaves) {
  for (const auto& row : text.whole_rows(leaves)) {
    const auto& table = text.tables()[row.table];
    if (table.index.empty())
      state[table.name] = json_of(table, row);
    else
      state[table.name]["#map"].push_back(Json::array({json_of(row.index), json_of(table, row)}));
  }
}

Json json_of(const PlainStep& step) {
  const StepShape& shape = step_shapes()[step.kind];
  Json fields = Json::object();
  for (std::size_t i = 0; i < shape.fields.size(); ++i)
    fields[shape.fields[i].name] = json_of(shape.fields[i].sort, step.values[i]);
  return {{"tag", shape.name}, {"value", fields}};
}

Json set_of(const std::vector<std::string>& names) { return {{"#set", names}}; }

// Counts the lines of what is read through it.
class CountingIterator {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  CountingIterator(const char* at, unsigned* line) : at_(at), line_(line) {}
  reference operator*() const { return *at_; }
  CountingIterator& operator++() {
    if (*at_++ == '\n') ++*line_;
    return *this;
  }
  bool operator==(const CountingIterator& other) const { return at_ == other.at_; }
  bool operator!=(const CountingIterator& other) const { return at_ != other.at_; }

 private:
  const char* at_;
  unsigned* line_;
};

// An ITF trace as lines.
class Reader {
 public:
  Reader(std::string_view text, const std::string& path) : path_(path) {
    const auto note = [this](int depth, Json::parse_event_t event, Json& parsed) {
      if (depth > kDeepest) reject({path_, line_}, "JSON of fewer levels", "one more");
      if (event == Json::parse_event_t::key && depth == 1) is_in_states_ = parsed == "states";
      if (event == Json::parse_event_t::object_start && depth == 2 && is_in_states_)
        begins_.push_back(line_);
      return true;
    };
    try {
      json_ = Json::parse(CountingIterator(text.data(), &line_),
                          CountingIterator(text.data() + text.size(), &line_), note);
    } catch (const Json::exception&) {
      reject({path_, line_}, "JSON", "what is none");
    }
    line_ = 1;
  }

  std::vector<NumberedLine> lines() {
    for (const auto& line : array(member(member(json_, "#meta"), "header"))) add(string(line));
    const Json& states = array(member(json_, "states"));
    const std::optional<std::size_t> loop = loop_of(states.size());
    for (std::size_t i = 0; i < states.size(); ++i) {
      if (i < begins_.size()) line_ = begins_[i];
      if (loop && i == *loop + 1) add("cycle");
      if (i > 0) add_step(states[i]);
      add_rows(states[i], i == 0 ? "given" : "expect");
      for (const auto& name : array(member(member(states[i], "violated"), "#set")))
        add("expect violated " + string(name));
    }
    if (json_["#meta"].contains("hangs")) add("expect hangs " + string(json_["#meta"]["hangs"]));
    return std::move(lines_);
  }

 private:
  [[noreturn]] void refuse(const std::string& expected, const Json& found) const {
    std::string text = found.dump(-1, ' ', true);
    if (text.size() > 60) text = text.substr(0, 60) + "...";
    reject({path_, line_}, expected, text);
  }
  const Json& member(const Json& of, const std::string& name) const {
    if (!of.is_object() || !of.contains(name)) refuse(fmt::format("an object with {}", name), of);
    return of[name];
  }
  const Json& array(const Json& json) const {
    if (!json.is_array()) refuse("an array", json);
    return json;
  }
  // One word or line of a trace.
  std::string string(const Json& json) const {
    if (!json.is_string()) refuse("a string of one line", json);
    std::string text = json.get<std::string>();
    // Whoever reads lines of a file looks for these there.
    if (std::any_of(text.begin(), text.end(), [](unsigned char c) { return c < ' ' || c == 0x7f; }))
      refuse("a string of one line", json);
    return text;
  }
  std::string word(const Json& json) const {
    std::string text = string(json);
    if (text.empty() || text.find_first_of(" \t#") != text.npos) refuse("a word", json);
    return text;
  }
  std::string value(const Json& json) const {
    if (json.is_boolean()) return json.get<bool>() ? "1" : "0";
    if (json.is_number_unsigned()) return std::to_string(json.get<std::uint64_t>());
    if (json.is_object()) return word(member(json, "#bigint"));
    return word(json);
  }
  std::string fields(const Json& record) const {
    if (!record.is_object()) refuse("a record", record);
    std::string out;
    for (const auto& [name, is] : record.items())
      out += fmt::format(" {}={}", word(name), value(is));
    return out;
  }
  void add(std::string text) { lines_.push_back({line_, std::move(text)}); }

  void add_step(const Json& state) {
    const Json& step = member(state, "step");
    add(fmt::format("{}{} -> {}", word(member(step, "tag")), fields(member(step, "value")),
                    word(member(state, "verdict"))));
  }

  void add_rows(const Json& state, const std::string& keyword) {
    for (const auto& [name, table] : state.items()) {
      if (name == "#meta" || name == "step" || name == "verdict" || name == "violated") continue;
      const std::string begin = fmt::format("{} {}", keyword, word(name));
      if (!table.is_object() || !table.contains("#map")) {
        add(begin + fields(table));
        continue;
      }
      for (const auto& row : array(table["#map"])) {
        if (!row.is_array() || row.size() != 2) refuse("a key and a record", row);
        add(begin + index(name, row[0]) + fields(row[1]));
      }
    }
  }

  // The state from which the last one goes on again.
  std::optional<std::size_t> loop_of(std::size_t states) const {
    if (!json_.contains("loop")) return std::nullopt;
    const Json& loop = json_["loop"];
    if (!loop.is_number_unsigned() || loop.get<std::uint64_t>() + 1 >= states)
      refuse("a loop to a state before the last", loop);
    return loop.get<std::size_t>();
  }

  // The names of an index stand in no ITF.
  std::string index(const std::string& name, const Json& key) const {
    static const StateText text{Scope{}};
    for (const auto& table : text.tables()) {
      if (table.name != name) continue;
      const Json keys = key.is_object() && key.contains("#tup") ? key["#tup"] : Json::array({key});
      if (array(keys).size() != table.index.size())
        refuse(fmt::format("{} indexes of {}", table.index.size(), name), key);
      std::string out;
      for (std::size_t i = 0; i < keys.size(); ++i)
        out += fmt::format(" {}={}", table.index[i].name, value(keys[i]));
      return out;
    }
    return "";  // whoever reads the line knows the tables
  }

  const std::string& path_;
  unsigned line_ = 1;
  bool is_in_states_ = false;
  std::vector<unsigned> begins_;  // lines
  Json json_;
  std::vector<NumberedLine> lines_;
};

// What of a hang no state says: who waits, and the state to which the last one comes back.
struct HangOfTrace {
  std::optional<std::string> wants;
  std::optional<std::size_t> loop;
  explicit HangOfTrace(const TraceFile& trace) {
    std::size_t states = 0;
    for (const auto& line : trace.lines) {
      if (line.kind == TraceLine::Kind::step) ++states;
      if (line.kind == TraceLine::Kind::cycle) loop = states;
      if (line.kind == TraceLine::Kind::expect_hangs) wants = print_wants(line.wants);
    }
  }
};

}  // namespace

std::string print_itf(const TraceFile& trace, const Leaves& start,
                      const std::vector<TakenStep>& steps, const ViolatedAt& violated) {
  const StateText text(trace.sizes());
  TraceFile header = trace;
  header.lines.clear();
  Json meta{{"format", "ITF"},
            {"format-description", "https://apalache-mc.org/docs/adr/015adr-trace.html"}};
  const std::string lines = print_trace(header);
  for (const auto line : lines_of(lines, trace.path)) meta["header"].push_back(std::string(line));
  const HangOfTrace hang(trace);
  if (hang.wants) meta["hangs"] = *hang.wants;
  Json variables{"step", "verdict", "violated"};
  for (const auto& table : text.tables())
    if (table.rows != 0) variables.push_back(table.name);
  // A state a line, so that who reads it is told of a line.
  std::string out =
      fmt::format("{{\"#meta\": {},\n\"vars\": {},\n\"states\": [", meta.dump(), variables.dump());
  for (std::size_t i = 0; i <= steps.size(); ++i) {
    Json state{{"#meta", {{"index", i}}}};
    state["step"] = i == 0 ? Json{{"tag", "start"}, {"value", {{"#tup", Json::array()}}}}
                           : json_of(steps[i - 1].step);
    state["verdict"] = i == 0 ? "start" : std::string(name_of(steps[i - 1].verdict));
    state["violated"] = set_of(i < violated.size() ? violated[i] : std::vector<std::string>{});
    add_tables(state, text, i == 0 ? start : steps[i - 1].after);
    out += (i == 0 ? "\n" : ",\n") + state.dump();
  }
  return out + (hang.loop ? fmt::format("\n],\n\"loop\": {}}}\n", *hang.loop) : "\n]}\n");
}

bool is_itf(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t\r\n");
  return begin != text.npos && text[begin] == '{';
}

std::vector<NumberedLine> lines_of_itf(std::string_view text, const std::string& path) {
  return Reader(text, path).lines();
}

}  // namespace hmm
