#include "tools/runs/by_hand.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "model/rules.h"
#include "model/step_infos.h"
#include "properties/engines/engines.h"
#include "tools/runs/broken.h"
#include "tools/runs/failure.h"
#include "tools/runs/files.h"
#include "tools/runs/report.h"
#include "traces/nearest.h"
#include "traces/rule_name.h"
#include "traces/text.h"
#include "traces/trace_table.h"

namespace hmm {
namespace {

constexpr std::size_t kTableWidth = 100;
constexpr std::uint64_t kFarStates = 20'000'000;

const std::vector<std::string> kCommands{"list", "undo", "show", "table", "why",
                                         "far",  "save", "help", "quit"};

std::optional<std::size_t> number_in(std::string_view text) {
  std::size_t n = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), n);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return n;
}

bool is_step_name(std::string_view word) {
  return std::any_of(step_infos().begin(), step_infos().end(),
                     [&](const auto& step) { return step.name == word; });
}

std::string lines_of(const std::vector<std::string>& lines) {
  std::string out;
  for (const auto& line : lines) out += "  " + line + "\n";
  return out;
}

}  // namespace

ByHand::ByHand(const TraceFile& trace, const Profile& k)
    : scope_(trace.scope), k_(k), machine_(machine_at(trace.scope)) {
  start(*machine_, trace);
  start_ = machine_->leaves();
  for (const auto& step : steps_of(trace)) take(step);
}

std::string ByHand::help() {
  return "  list [WORD ...]  what can happen next, by number: with these words in it, if any\n"
         "  N                take the step of that number\n"
         "  STEP ...         take the step, written as in a trace\n"
         "  undo [N]         take back the last step, or so many\n"
         "  show             the state, row by row, and what does not hold\n"
         "  table            the run as a table\n"
         "  why STEP ...     which guard refuses the step here\n"
         "  far PROPERTY     the shortest run from here to where it does not hold\n"
         "  save FILE        the run as a trace\n"
         "  quit\n";
}

std::string ByHand::answer(std::string_view line, const Origin& at) {
  const auto words = words_of(line);
  if (words.empty()) return "";
  const std::string_view verb = words.front();
  const std::string_view rest = trimmed(line.substr(line.find(verb) + verb.size()));
  if (const auto n = number_in(verb); n && words.size() == 1) {
    if (*n == 0 || *n > listed_.size())
      reject(at, listed_.empty() ? "list before a number" : fmt::format("1 to {}", listed_.size()),
             verb);
    return take(PlainStep(listed_[*n - 1]));
  }
  if (verb == "list") return list(rest);
  if (verb == "undo") return undo(rest, at);
  if (verb == "show" && rest.empty()) return show();
  if (verb == "table" && rest.empty()) return table();
  if (verb == "why") return why_not(rest, at);
  if (verb == "far") return how_far(rest, at);
  if (verb == "save") return save(rest, at);
  if (verb == "help") return help();
  if (verb == "quit" && rest.empty()) {
    is_over_ = true;
    return "";
  }
  if (is_step_name(verb)) return take(parse_step(machine_->scope(), line, at));
  std::vector<std::string> known = kCommands;
  for (const auto& step : step_infos()) known.emplace_back(step.name);
  reject(at,
         fmt::format("a number, a step, or one of {}{}", joined(kCommands),
                     did_you_mean(std::string(verb), known)),
         line);
}

std::vector<std::string> ByHand::changes_of(const PlainStep& step) {
  const Leaves here = machine_->leaves();
  machine_->take(k_, step);
  const Leaves there = machine_->leaves();
  machine_->restart(&here);
  return StateText(machine_->scope()).diff(here, there);
}

std::string ByHand::list(std::string_view filter) {
  listed_.clear();
  std::string out;
  const auto wanted = words_of(filter);
  for (const auto& step : machine_->enabled(k_)) {
    const std::string text = print_step(step);
    if (std::any_of(wanted.begin(), wanted.end(),
                    [&](auto word) { return text.find(word) == text.npos; }))
      continue;
    listed_.push_back(step);
    const auto changes = changes_of(step);
    out += fmt::format("{:>3} {}{}\n", listed_.size(), text,
                       changes.empty() ? ": changes nothing" : "");
    for (const auto& change : changes) out += "      " + change + "\n";
  }
  return out.empty() ? "nothing can happen here\n" : out;
}

std::string ByHand::take(const PlainStep& step) {
  const Leaves before = machine_->leaves();
  const Verdict verdict = machine_->take(k_, step);
  std::string out = fmt::format("{} -> {}\n", print_step(step), name_of(verdict));
  if (!takes_effect(verdict))
    return out + fmt::format("  nothing happens: {}\n", sentence_of(verdict));
  steps_.push_back(step);
  listed_.clear();
  return out + lines_of(StateText(machine_->scope()).diff(before, machine_->leaves())) + broken();
}

std::string ByHand::broken() const {
  const PropertySet bad = machine_->violated(k_, kAllProperties);
  if (bad == 0) return "";
  std::vector<std::string> lines;
  for (const auto& claim : broken_claims(*machine_, k_, bad)) lines.push_back("broken: " + claim);
  return lines_of(lines);
}

void ByHand::go_back_to_start() {
  machine_->restart(&start_);
  for (const auto& step : steps_) machine_->take(k_, step);
}

std::string ByHand::undo(std::string_view count, const Origin& at) {
  const auto n = count.empty() ? std::optional<std::size_t>(1) : number_in(count);
  if (!n || *n == 0 || *n > steps_.size())
    reject(at, fmt::format("undo and a number up to {}", steps_.size()),
           count.empty() ? "undo" : count);
  steps_.resize(steps_.size() - *n);
  go_back_to_start();
  listed_.clear();
  return fmt::format("after {} steps\n", steps_.size());
}

std::string ByHand::show() const {
  const StateText text(machine_->scope());
  std::vector<std::string> rows;
  for (const auto& row : text.rows(machine_->leaves())) rows.push_back(text.print_row(row));
  return lines_of(rows) + broken();
}

std::string ByHand::table() {
  return print_table(table_of(*machine_, k_, steps_, &start_), kTableWidth);
}

// The guard without which the step would be judged otherwise. Two that refuse the same together
// are both named.
std::string ByHand::why_not(std::string_view step, const Origin& at) {
  const PlainStep asked = parse_step(machine_->scope(), step, at);
  const Leaves here = machine_->leaves();
  const auto verdict_in = [&](const Profile& k) {
    const Verdict verdict = machine_->take(k, asked);
    machine_->restart(&here);
    return verdict;
  };
  const Verdict verdict = verdict_in(k_);
  if (takes_effect(verdict)) return fmt::format("it can happen: {}\n", name_of(verdict));
  std::string out = fmt::format("{}: {}\n", name_of(verdict), sentence_of(verdict));
  const auto name = step_infos()[asked.kind].name;
  for (const auto& rule : rules()) {
    if (rule.kind != RuleKind::guard || rule.id.of != name || rule.verdict != verdict) continue;
    Profile without = k_;
    if (!without.drops.add(rule.id)) continue;
    if (const Verdict then = verdict_in(without); then != verdict)
      out += fmt::format("  {}: without it {}\n", print_rule(rule.id), name_of(then));
  }
  return out;
}

std::string ByHand::how_far(std::string_view property, const Origin& at) {
  const PropertySet wanted = property_named(property);
  if (wanted == 0) {
    const auto& known = all_property_names();
    reject(at,
           "a property of `hmmcheck list properties`" +
               did_you_mean(std::string(property),
                            std::vector<std::string>(known.begin(), known.end())),
           property.empty() ? "none" : property);
  }
  if (!is_built(scope_, Engine::explore, k_.rules))
    reject(at, "a scope small enough to explore", scope_);
  ExploreOptions options;
  options.properties = wanted;
  options.max_states = kFarStates;
  const Leaves here = machine_->leaves();
  options.start = here;
  const ExploreResult found = explore(scope_, k_, options);
  if (found.bad == 0)
    return found.complete ? "it holds wherever one can get from here\n"
                          : fmt::format("it holds in {} states from here; nobody looked further\n",
                                        grouped(found.states));
  std::vector<std::string> lines;
  for (const auto& step : found.counterexample) lines.push_back(print_step(step));
  return fmt::format("{} steps:\n", lines.size()) + lines_of(lines);
}

std::string ByHand::save(std::string_view path, const Origin& at) {
  if (path.empty()) reject(at, "a file", "none");
  const Leaves here = machine_->leaves();
  const PropertySet bad = machine_->violated(k_, kAllProperties);
  write_file(std::string(path), failing_trace(k_, scope_, steps_, bad, &start_));
  machine_->restart(&here);
  return fmt::format("saved: {}\n", path);
}

}  // namespace hmm
