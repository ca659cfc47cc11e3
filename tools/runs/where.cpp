#include "tools/runs/where.h"

#include <algorithm>

#include "model/profile.h"
#include "model/rules.h"
#include "model/step_infos.h"
#include "tools/runs/citations.h"

namespace hmm {
namespace {

bool is_step(std::string_view name) {
  return std::any_of(step_infos().begin(), step_infos().end(),
                     [&](const auto& step) { return step.name == name; });
}

void add_cite(Where& w, const Cite& cite) {
  const std::string name(cite.name), place(cite.place);
  if (!cite.file.empty()) w.files.emplace(cite.file);
  w.places[cite.by][name].insert(place);
  switch (cite.by) {
    case CitedBy::step: {
      auto& words = w.steps.try_emplace(name).first->second;
      words.emplace(cite.word);
      break;
    }
    case CitedBy::kernel:
      w.switches.insert(name);
      break;
    case CitedBy::property:
      w.promises.insert(name);
      break;
    case CitedBy::bug:
      w.bugs.insert(name);
      break;
    case CitedBy::patch:
      w.patches.insert(name);
      break;
    case CitedBy::shared:
    case CitedBy::call:
    case CitedBy::defect:
    case CitedBy::run:
      break;
  }
}

// What it is made of is one of the function's: a switch, a step, or a rule that it is cited beside.
bool is_of(const Where& w, std::string_view of) {
  const auto dot = of.find('.');
  const std::string step(of.substr(0, dot));
  if (w.switches.count(step) != 0 || step == w.function) return true;
  const auto at = w.steps.find(step);
  if (at == w.steps.end()) return false;
  if (at->second.empty() || dot == of.npos) return true;
  return at->second.count(std::string(of.substr(dot + 1))) != 0;
}

void add_history(Where& w) {
  for (const MadeOf& made : made_of())
    if (is_of(w, made.of)) (made.by == CitedBy::bug ? w.bugs : w.patches).emplace(made.id);
  for (const KeptHistory& kept : kept_history()) {
    if (kept.by != CitedBy::bug || w.bugs.count(std::string(kept.id)) == 0) continue;
    w.broken[std::string(kept.promises)].emplace(kept.id);
  }
}

void add_recordings(Where& w) {
  for (const RecordedAt& at : recorded_held())
    if (at.name == w.function) w.held[std::string(at.recording)] += at.calls;
  // Of several steps the one that most calls take: a call may take them all.
  for (const RecordedAt& at : recorded_steps())
    if (w.steps.count(std::string(at.name)) != 0) {
      auto& most = w.taken[std::string(at.recording)];
      most = std::max(most, at.calls);
    }
}

}  // namespace

std::vector<std::string> cited_functions() {
  std::set<std::string> found;
  for (const Cite& cite : cites())
    if (!cite.file.empty()) found.emplace(cite.function);
  for (const Switch& s : kSwitches)
    for (const Citation& c : citations(s.source))
      if (!c.function.empty()) found.insert(c.function);
  return {found.begin(), found.end()};
}

Where where_is(const std::string& function) {
  Where w;
  w.function = function;
  for (const Cite& cite : cites())
    if (cite.function == function) add_cite(w, cite);
  for (const Switch& s : kSwitches)
    for (const Citation& c : citations(s.source))
      if (c.function == function) {
        w.files.insert(c.file);
        w.switches.emplace(s.name);
      }
  if (is_step(function)) w.steps.try_emplace(function);
  // Cited as a whole, whatever it is cited beside as well.
  for (auto& [step, words] : w.steps)
    if (words.count("") != 0) words.clear();
  add_history(w);
  add_recordings(w);
  return w;
}

}  // namespace hmm
