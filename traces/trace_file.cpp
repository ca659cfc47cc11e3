#include "traces/trace_file.h"

#include <fmt/format.h>

#include <algorithm>

#include "model/step_infos.h"
#include "model/want.h"
#include "traces/itf.h"
#include "traces/nearest.h"
#include "traces/rule_name.h"

namespace hmm {
namespace {

using Line = TraceLine::Kind;
using Properties = std::span<const std::string_view>;

constexpr std::string_view kMagic = "hmmcheck-trace";
constexpr std::string_view kVersion = "1";
constexpr std::size_t kWidestAligned = 72;

// What the lines of a file may be, in the order in which they come.
enum class Part { version, header, given, steps };

class Parser {
 public:
  Parser(const std::string& path, Properties properties) : properties_(properties), at_{path, 0} {
    trace_.path = path;
  }

  TraceFile parse(std::string_view text) {
    for (const std::string_view line : lines_of(text, trace_.path)) {
      ++at_.line;
      parse_line(line);
    }
    ++at_.line;
    return end();
  }

  TraceFile parse(const std::vector<NumberedLine>& lines) {
    for (const auto& line : lines) {
      at_.line = line.number;
      parse_line(line.text);
    }
    return end();
  }

 private:
  TraceFile end() {
    if (part_ == Part::version) reject(at_, "hmmcheck-trace 1", "the end of the file");
    check_header("the end of the file");
    check_cycle();
    return std::move(trace_);
  }
  void parse_line(std::string_view line);
  void parse_version(std::string_view keyword, std::string_view rest);
  bool parse_header(std::string_view keyword, std::string_view rest);
  void parse_given(std::string_view rest);
  void parse_expect(std::string_view rest);
  void parse_cycle(std::string_view rest);
  void parse_hangs(std::string_view rest);
  void parse_step_line(std::string_view line);
  Verdict parse_verdict(const PlainStep& step, std::string_view name) const;
  void check_header(std::string_view found) const;
  void check_cycle() const;
  void once(const std::string& name, std::string_view keyword) const {
    if (!name.empty()) reject(at_, fmt::format("{} once", keyword), "it twice");
  }
  StateText tables() const { return StateText(trace_.sizes()); }

  Properties properties_;
  TraceFile trace_;
  Origin at_;
  Part part_ = Part::version;
};

// The line without a comment that follows something.
std::string_view without_comment(std::string_view line) {
  for (std::size_t i = 1; i < line.size(); ++i)
    if (line[i] == '#' && (line[i - 1] == ' ' || line[i - 1] == '\t')) return line.substr(0, i);
  return line;
}

void Parser::parse_line(std::string_view raw) {
  if (const auto text = trimmed(raw); text.empty()) {
    return;
  } else if (text.front() == '#') {
    const std::string comment(text.substr(text.starts_with("# ") ? 2 : 1));
    if (part_ == Part::version)
      trace_.comments.push_back(comment);
    else
      trace_.lines.push_back({Line::comment, at_.line, comment, {}, {}, {}, {}});
    return;
  }
  const std::string_view line = trimmed(without_comment(raw));
  const std::string_view keyword = words_of(line).front();
  const std::string_view rest = trimmed(line.substr(keyword.size()));
  if (part_ == Part::version) return parse_version(keyword, rest);
  if (parse_header(keyword, rest)) return;
  check_header(keyword);
  if (keyword == "given") return parse_given(rest);
  part_ = Part::steps;
  if (keyword == "expect") return parse_expect(rest);
  if (keyword == "cycle") return parse_cycle(rest);
  parse_step_line(line);
}

void Parser::parse_version(std::string_view keyword, std::string_view rest) {
  if (keyword == "trace")
    reject(at_, fmt::format("{} {} (a recording is for `hmmcheck conform`)", kMagic, kVersion),
           fmt::format("{} {}", keyword, rest));
  if (keyword != kMagic || rest != kVersion)
    reject(at_, fmt::format("{} {}", kMagic, kVersion),
           rest.empty() ? std::string(keyword) : fmt::format("{} {}", keyword, rest));
  part_ = Part::header;
}

bool Parser::parse_header(std::string_view keyword, std::string_view rest) {
  if (keyword != "scope" && keyword != "profile" && keyword != "set" && keyword != "drop" &&
      keyword != "mutate" && keyword != "rules")
    return false;
  if (part_ != Part::header)
    reject(at_, "scope, profile, set, drop, mutate and rules before given and steps", keyword);
  if (keyword == "scope") {
    once(trace_.scope, keyword);
    std::vector<std::string> names;
    for (const auto& s : kScopes) names.emplace_back(s.name);
    if (scope_named(rest) == nullptr)
      reject(at_, fmt::format("a scope ({}){}", joined(names), did_you_mean(rest, names)),
             rest.empty() ? "none" : rest);
    trace_.scope = rest;
  } else if (keyword == "profile") {
    once(trace_.profile, keyword);
    if (rest.empty()) reject(at_, "a profile", "none");
    trace_.profile = rest;
    const auto name = is_profile_path(rest) ? beside(trace_.path, trace_.profile) : trace_.profile;
    load_profile(name, at_);
  } else if (keyword == "drop") {
    const RuleId id = parse_rule(rest, at_);
    for (const auto& other : trace_.drops) once(id == other ? print_rule(id) : "", rest);
    trace_.drops.push_back(id);
  } else if (keyword == "mutate") {
    once(print_edit(trace_.edit), keyword);
    trace_.edit = parse_edit(rest, at_);
  } else if (keyword == "rules") {
    once(trace_.rules, keyword);
    if (rest.empty()) reject(at_, "a build of tools/rules", "none");
    trace_.rules = rest;
  } else {
    const auto [known, value] = parse_switch(rest, at_);
    for (const auto& [name, other] : trace_.overrides) once(name == known->name ? name : "", name);
    trace_.overrides.emplace_back(known->name, value);
  }
  return true;
}

void Parser::check_header(std::string_view found) const {
  if (trace_.scope.empty()) reject(at_, "scope", found);
  if (trace_.profile.empty()) reject(at_, "profile", found);
}

void Parser::check_cycle() const {
  const auto is = [](TraceLine::Kind kind) {
    return [kind](const TraceLine& line) { return line.kind == kind; };
  };
  const auto end = trace_.lines.end();
  const auto cycle = std::find_if(trace_.lines.begin(), end, is(Line::cycle));
  if (cycle != end && std::none_of(cycle, end, is(Line::expect_hangs)))
    reject(trace_.at(*cycle), "expect hangs after the steps of a cycle", "none");
}

void Parser::parse_given(std::string_view rest) {
  if (part_ == Part::steps) reject(at_, "given before the first step", "given");
  part_ = Part::given;
  trace_.lines.push_back({Line::given, at_.line, {}, {}, {}, tables().parse_row(rest, at_), {}});
}

void Parser::parse_cycle(std::string_view rest) {
  if (!rest.empty()) reject(at_, "cycle by itself", rest);
  for (const auto& line : trace_.lines) once(line.kind == Line::cycle ? "cycle" : "", "cycle");
  trace_.lines.push_back({Line::cycle, at_.line, {}, {}, {}, {}, {}});
}

void Parser::parse_hangs(std::string_view rest) {
  auto wants = parse_wants(wants_of(trace_.sizes()), rest, at_);
  trace_.lines.push_back({Line::expect_hangs, at_.line, {}, {}, {}, {}, std::move(wants)});
}

void Parser::parse_expect(std::string_view rest) {
  const auto words = words_of(rest);
  if (!words.empty() && words.front() == "hangs")
    return parse_hangs(trimmed(rest.substr(words.front().size())));
  if (words.size() == 1 &&
      std::find(properties_.begin(), properties_.end(), words.front()) != properties_.end())
    reject(at_, fmt::format("violated {}, or a row of a table", words.front()), rest);
  if (words.empty() || words.front() != "violated") {
    trace_.lines.push_back(
        {Line::expect_row, at_.line, {}, {}, {}, tables().parse_row(rest, at_), {}});
    return;
  }
  const std::string_view property = trimmed(rest.substr(words.front().size()));
  if (std::find(properties_.begin(), properties_.end(), property) == properties_.end())
    reject(at_,
           "a property of hmmcheck list" +
               did_you_mean(property, {properties_.begin(), properties_.end()}),
           property.empty() ? "none" : property);
  trace_.lines.push_back({Line::expect_violated, at_.line, std::string(property), {}, {}, {}, {}});
}

void Parser::parse_step_line(std::string_view line) {
  const std::size_t arrow = line.find("->");
  const PlainStep step = parse_step(trace_.sizes(), trimmed(line.substr(0, arrow)), at_);
  std::optional<Verdict> verdict;
  if (arrow != line.npos) verdict = parse_verdict(step, trimmed(line.substr(arrow + 2)));
  trace_.lines.push_back({Line::step, at_.line, {}, step, verdict, {}, {}});
}

Verdict Parser::parse_verdict(const PlainStep& step, std::string_view name) const {
  const StepInfo& info = step_infos()[step.kind];
  std::vector<std::string> names;
  for (const Verdict v : info.verdicts) {
    if (name_of(v) == name) return v;
    names.emplace_back(name_of(v));
  }
  reject(at_, fmt::format("a verdict of {} ({})", info.name, joined(names)),
         name.empty() ? "none" : name);
}

std::string print_comment(const std::string& text) {
  return text.empty() ? "#\n" : fmt::format("# {}\n", text);
}

}  // namespace

Profile TraceFile::kernel() const {
  Profile k = load_profile(is_profile_path(profile) ? beside(path, profile) : profile, {path});
  for (const auto& [name, value] : overrides)
    set_switch(k, fmt::format("{}={:d}", name, value), {path});
  for (const auto& id : drops) drop_rule(k, print_rule(id), {path});
  if (edit.kind != FieldEdit::Kind::none) k.edit = edit;
  k.rules = rules;
  return k;
}

TraceFile parse_trace(std::string_view text, const std::string& path, Properties properties) {
  if (is_itf(text)) return Parser(path, properties).parse(lines_of_itf(text, path));
  return Parser(path, properties).parse(text);
}

TraceFile load_trace(const std::string& path, Properties properties) {
  return parse_trace(read_input(path), path, properties);
}

std::string print_trace(const TraceFile& trace) {
  std::string out;
  for (const auto& comment : trace.comments) out += print_comment(comment);
  out += fmt::format("{} {}\nscope {}\nprofile {}\n", kMagic, kVersion, trace.scope, trace.profile);
  for (const auto& [name, value] : trace.overrides)
    out += fmt::format("set {}={:d}\n", name, value);
  for (const auto& id : trace.drops) out += fmt::format("drop {}\n", print_rule(id));
  if (const auto edit = print_edit(trace.edit); !edit.empty())
    out += fmt::format("mutate {}\n", edit);
  if (!trace.rules.empty()) out += fmt::format("rules {}\n", trace.rules);

  const StateText tables(trace.sizes());
  std::size_t width = 0;
  for (const auto& line : trace.lines)
    if (line.kind == Line::step) width = std::max(width, print_step(line.step).size());
  width = std::min(width, kWidestAligned);
  for (const auto& line : trace.lines) switch (line.kind) {
      case Line::comment:
        out += print_comment(line.text);
        break;
      case Line::given:
        out += fmt::format("given {}\n", tables.print_row(line.row));
        break;
      case Line::step:
        if (line.verdict)
          out +=
              fmt::format("{:<{}}  -> {}\n", print_step(line.step), width, name_of(*line.verdict));
        else
          out += print_step(line.step) + "\n";
        break;
      case Line::expect_row:
        out += fmt::format("expect {}\n", tables.print_row(line.row));
        break;
      case Line::expect_violated:
        out += fmt::format("expect violated {}\n", line.text);
        break;
      case Line::cycle:
        out += "cycle\n";
        break;
      case Line::expect_hangs:
        out += trimmed("expect hangs " + print_wants(line.wants));
        out += "\n";
        break;
    }
  return out;
}

namespace {

std::vector<std::pair<std::string, bool>> overrides_of(const Profile& base, const Profile& k) {
  std::vector<std::pair<std::string, bool>> out;
  for (const auto& s : kSwitches)
    if (base.*s.at != k.*s.at) out.emplace_back(s.name, k.*s.at);
  return out;
}

}  // namespace

TraceFile trace_header(const std::string& scope, const Profile& k) {
  TraceFile trace;
  trace.scope = scope;
  trace.drops.assign(k.drops.ids().begin(), k.drops.ids().end());
  trace.edit = k.edit;
  trace.rules = k.rules;
  for (const auto& name : profile_names()) {
    auto overrides = overrides_of(load_profile(name), k);
    if (!trace.profile.empty() && name != k.name && overrides.size() >= trace.overrides.size())
      continue;
    trace.profile = name;
    trace.overrides = std::move(overrides);
    if (name == k.name) break;
  }
  return trace;
}

void start(Machine& machine, const TraceFile& trace) {
  machine.restart();
  const StateText text(machine.scope());
  Leaves leaves(machine.leaves().size());
  bool given = false;
  for (const auto& line : trace.lines) {
    if (line.kind != TraceLine::Kind::given) continue;
    text.set(leaves, line.row);
    given = true;
  }
  if (given) machine.restart(&leaves);
}

PlainSteps steps_of(const TraceFile& trace) {
  PlainSteps steps;
  for (const auto& line : trace.lines)
    if (line.kind == TraceLine::Kind::step) steps.push_back(line.step);
  return steps;
}

namespace {

// Both give the same verdicts and states.
bool runs_alike(Machine& machine, const Profile& a, const Profile& b, const PlainSteps& steps,
                const Leaves* start) {
  const auto states = [&](const Profile& k) {
    machine.restart(start);
    std::vector<std::pair<Verdict, Leaves>> out;
    for (const auto& step : steps) {
      const Verdict verdict = machine.take(k, step);
      out.emplace_back(verdict, machine.leaves());
    }
    return out;
  };
  return states(a) == states(b);
}

}  // namespace

TraceFile make_trace(const std::string& scope, const Profile& k, Machine& machine,
                     const PlainSteps& steps, const Leaves* start) {
  TraceFile trace = trace_header(scope, k);
  machine.restart();
  if (start != nullptr && *start != machine.leaves()) {
    const StateText text(machine.scope());
    for (auto& row : text.rows(*start))
      trace.lines.push_back({Line::given, 0, {}, {}, {}, std::move(row), {}});
    // A blank start has no rows, but must not be taken for the initial state.
    if (trace.lines.empty())
      trace.lines.push_back(
          {Line::given, 0, {}, {}, {}, text.parse_row("mm mm=0 alive=0", {}), {}});
    machine.restart(start);
  }
  for (const auto& step : steps)
    trace.lines.push_back({Line::step, 0, {}, step, machine.take(k, step), {}, {}});
  std::erase_if(trace.overrides, [&](const auto& o) {
    const Switch* s = switch_named(o.first);
    if (s->group != SwitchGroup::defect) return false;
    Profile other = k;
    other.*s->at = !o.second;
    return runs_alike(machine, k, other, steps, start);
  });
  return trace;
}

}  // namespace hmm
