#include "tools/runs/c_program.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <sstream>
#include <stdexcept>
#include <vector>

#include "tools/runs/repro_calls.h"
#include "traces/call_text.h"

namespace hmm {
namespace {

// A part of the files, from its `/* @NAME NEEDED... */` to the next.
struct Section {
  std::string name, text;
  std::vector<std::string> needs;
};

std::vector<Section> parse_sections() {
  std::vector<Section> sections;
  std::istringstream lines{std::string(kReproCalls)};
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with("/* @")) {
      sections.back().text += line + "\n";
      continue;
    }
    Section section;
    std::istringstream words(line.substr(4, line.rfind(" */") - 4));
    words >> section.name;
    for (std::string word; words >> word;) section.needs.push_back(word);
    sections.push_back(std::move(section));
  }
  return sections;
}

const std::vector<Section>& sections() {
  static const std::vector<Section> all = parse_sections();
  return all;
}

const Section& section(const std::string& name) {
  const auto found = std::find_if(sections().begin(), sections().end(),
                                  [&](const Section& one) { return one.name == name; });
  if (found == sections().end())
    throw std::logic_error("tools/kernel/repro has no section " + name);
  return *found;
}

std::string c_of(call::Rights rights) {
  switch (rights) {
    case call::Rights::none:
      return "PROT_NONE";
    case call::Rights::r:
      return "PROT_READ";
    case call::Rights::rw:
      return "PROT_READ | PROT_WRITE";
  }
  return "";
}

std::string c_of(call::Memory memory) {
  return memory == call::Memory::shared ? "MAP_SHARED" : "MAP_PRIVATE";
}
std::string c_of(const call::Page& page) { return std::to_string(page.vpn); }
std::string c_of(const call::Pages& pages) {
  return fmt::format("{}, {}", pages.first, pages.last);
}
std::string c_of(const call::Value& value) { return std::to_string(value.v); }
std::string c_of(const call::Device& device) { return std::to_string(device.number); }
std::string c_of(const call::Child&) { return ""; }

std::string line_of(const RecordedCall& call) {
  const COfCall c = hmm::c_of(call.what);
  if (row_of(call.what).ends_child) return fmt::format("\t{};\n", c.written);
  return fmt::format("\t{}({}, \"{}\", \"{}\");\n", kActorNames[call.actor], c.written,
                     print(call.what), print_result(call.result));
}

// What a program of the calls is made of, in the order of the files.
std::string parts_of(const RecordedTrace& trace) {
  std::set<std::string> needed{"head", "turns", "main"};
  for (const auto& step : trace.steps) {
    const std::string name(row_of(step.call.what).name);
    needed.insert(name);
    for (const auto& other : section(name).needs) needed.insert(other);
  }
  std::string text;
  for (const auto& one : sections())
    if (needed.contains(one.name)) text += one.text;
  return text;
}

}  // namespace

COfCall c_of(const Call& call) {
  COfCall c;
  c.name = row_of(call).name;
  std::string arguments;
  std::visit(
      [&](const auto& one) {
        call::for_each_argument(one, [&](const auto& argument) {
          const std::string text = c_of(argument);
          arguments += (arguments.empty() || text.empty() ? "" : ", ") + text;
        });
      },
      call);
  c.written = fmt::format("call_{}({})", c.name, arguments);
  return c;
}

bool is_written_in_c(const std::string& name) {
  return std::any_of(sections().begin(), sections().end(),
                     [&](const Section& one) { return one.name == name; });
}

std::string c_program(const RecordedTrace& trace) {
  std::string calls, story;
  for (const auto& step : trace.steps) {
    calls += line_of(step.call);
    story += fmt::format(" *   {} -> {}\n", print_call(step.call), print_result(step.call.result));
  }
  return fmt::format(R"(/*
 * Calls to the HMM test driver, and what a kernel has to say to each. As root, where
 * CONFIG_TEST_HMM is on:
 *
 *   gcc -static -I LINUX repro.c -o repro && ./repro
 *
 * It exits with 1 if every result is as it is here, and with 0 if not.
 *
{} */
{}{}
{})",
                     story, parts_of(trace), calls, section("tail").text);
}

}  // namespace hmm
