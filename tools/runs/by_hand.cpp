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

// The word, and not only the beginning of a longer number: `pfn=1` is not in `pfn=10`.
bool has_word(std::string_view text, std::string_view word) {
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  for (auto at = text.find(word); at != text.npos; at = text.find(word, at + 1)) {
    const auto after = at + word.size();
    if (!is_digit(word.back()) || after == text.size() || !is_digit(text[after])) return true;
  }
  return false;
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
  return "  list [WORD ...]  what can happen next, by number: of a step, a page (pfn=1, vpn=0), "
         "...\n"
         "  N                take the step of that number\n"
         "  STEP ...         take the step, written as in a trace\n"
         "  undo [N]         take back the last step, or so many\n"
         "  show             the state, row by row, and what does not hold\n"
         "  table            the run as a table\n"
         "  why STEP ...     which guard refuses the step here\n"
         "  far PROPERTY     the shortest run from here to where it does not hold, or "
         "PROPERTY.CLAIM\n"
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

std::vector<ByHand::Possible> ByHand::possible(std::string_view filter) {
  const auto wanted = words_of(filter);
  const StateText text(machine_->scope());
  const Leaves here = machine_->leaves();
  std::vector<Possible> found;
  for (const auto& step : machine_->enabled(k_)) {
    const Verdict verdict = machine_->take(k_, step);
    const Leaves there = machine_->leaves();
    machine_->restart(&here);
    Possible one{step, fmt::format("{} -> {}", print_step(step), name_of(verdict)),
                 text.diff(here, there)};
    const auto has = [&](std::string_view word) {
      return has_word(one.says, word) ||
             std::any_of(one.changes.begin(), one.changes.end(),
                         [&](const auto& change) { return has_word(change, word); });
    };
    if (std::all_of(wanted.begin(), wanted.end(), has)) found.push_back(std::move(one));
  }
  return found;
}

std::string ByHand::list(std::string_view filter) {
  listed_.clear();
  std::string out;
  for (const auto& [step, says, changes] : possible(filter)) {
    listed_.push_back(step);
    out += fmt::format("{:>3} {}{}\n", listed_.size(), says,
                       changes.empty() ? ": changes nothing" : "");
    for (const auto& change : changes) out += "      " + change + "\n";
  }
  if (!out.empty()) return out;
  return filter.empty() ? "nothing can happen here\n"
                        : fmt::format("nothing with {} can happen here\n", filter);
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

// The guard without which the step would be judged otherwise. Where none is such alone, several
// refuse the same: all of them.
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
  std::string alone, together;
  Profile without_all = k_;
  const auto name = step_infos()[asked.kind].name;
  for (const auto& rule : rules()) {
    if (rule.kind != RuleKind::guard || rule.id.of != name || rule.verdict != verdict) continue;
    Profile without = k_;
    if (!without.drops.add(rule.id)) continue;
    if (const Verdict then = verdict_in(without); then != verdict)
      alone += fmt::format("  {}: without it {}\n", print_rule(rule.id), name_of(then));
    if (without_all.drops.add(rule.id)) together += "  " + print_rule(rule.id) + "\n";
  }
  if (const Verdict then = verdict_in(without_all); alone.empty() && then != verdict)
    alone = together + fmt::format("  without all of them {}\n", name_of(then));
  return fmt::format("{}: {}\n", name_of(verdict), sentence_of(verdict)) + alone;
}

std::string ByHand::how_far(std::string_view wanted, const Origin& at) {
  const auto dot = wanted.find('.');
  const PropertySet property = property_named(wanted.substr(0, dot));
  std::vector<std::string> known;
  if (dot == wanted.npos)
    for (const auto& name : all_property_names()) known.emplace_back(name);
  else
    for (const auto& claim : claim_infos())
      known.push_back(fmt::format("{}.{}", property_infos()[claim.property].name, claim.name));
  if (property == 0 || std::find(known.begin(), known.end(), wanted) == known.end())
    reject(at,
           "a property of `hmmcheck list properties`, or PROPERTY.CLAIM" +
               did_you_mean(std::string(wanted), known),
           wanted.empty() ? "none" : wanted);
  if (!is_built(scope_, Engine::explore, k_.rules))
    reject(at, "a scope small enough to explore", scope_);
  ExploreOptions options;
  options.properties = property;
  options.max_states = kFarStates;
  options.start = machine_->leaves();
  const ExploreResult found = explore(scope_, k_, options);
  if (found.bad == 0)
    return found.complete ? "it holds wherever one can get from here\n"
                          : fmt::format("it holds in {} states from here; nobody looked further\n",
                                        grouped(found.states));
  std::vector<std::string> lines;
  for (const auto& step : found.counterexample) lines.push_back(print_step(step));
  return fmt::format("{} steps:\n", lines.size()) + lines_of(lines) +
         other_claim(wanted, property, found.counterexample);
}

// The search is for a property: where a claim was asked for and others break first, which.
std::string ByHand::other_claim(std::string_view wanted, PropertySet property,
                                const PlainSteps& steps) {
  if (wanted.find('.') == wanted.npos) return "";
  const Leaves here = machine_->leaves();
  for (const auto& step : steps) machine_->take(k_, step);
  const auto broken = broken_claims(*machine_, k_, property);
  machine_->restart(&here);
  std::string others;
  for (const auto& claim : broken) {
    const std::string name = claim.substr(0, claim.find(':'));
    if (name == wanted) return "";
    others += (others.empty() ? "" : ", ") + name;
  }
  return fmt::format("they break {} first; nobody looked further for {}\n", others, wanted);
}

Picture ByHand::picture() {
  const Leaves here = machine_->leaves();
  Picture picture = picture_of_run(*machine_, k_, start_, steps_, kAllProperties);
  machine_->restart(&here);
  picture.title = fmt::format("{}, profile {}", scope_, k_.name);
  return picture;
}

std::string ByHand::trace() {
  const Leaves here = machine_->leaves();
  const PropertySet bad = machine_->violated(k_, kAllProperties);
  std::string text = failing_trace(k_, scope_, steps_, bad, &start_);
  machine_->restart(&here);
  return text;
}

std::string ByHand::save(std::string_view path, const Origin& at) {
  if (path.empty()) reject(at, "a file", "none");
  write_file(std::string(path), trace());
  return fmt::format("saved: {}\n", path);
}

}  // namespace hmm
