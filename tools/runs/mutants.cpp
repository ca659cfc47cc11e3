#include "tools/runs/mutants.h"

#include <fmt/format.h>

#include <algorithm>

#include "model/rules.h"
#include "model/step_infos.h"
#include "properties/engines/written_leaves.h"
#include "traces/field_infos.h"
#include "traces/profile_file.h"
#include "traces/rule_name.h"

namespace hmm {
namespace {

bool is_step(std::string_view name) {
  return std::any_of(step_infos().begin(), step_infos().end(),
                     [&](const StepInfo& step) { return step.name == name; });
}

void add_dropped(std::vector<Mutant>& to) {
  for (const Rule& rule : rules()) {
    const MutantKind kind = rule.kind == RuleKind::guard    ? MutantKind::guard
                            : rule.kind == RuleKind::filter ? MutantKind::filter
                                                            : MutantKind::effect;
    to.push_back({kind, print_rule(rule.id), is_step(rule.id.of) ? std::string(rule.id.of) : ""});
  }
}

// By field: whether the step's text changes it in some state.
std::vector<bool> written_by(std::size_t step, const Profile& k) {
  const auto leaves = written_leaves_at_large(k, step);
  const auto fields = field_of_leaf_at_large();
  std::vector<bool> written(field_infos().size());
  for (std::size_t i = 0; i < leaves.size(); ++i)
    if (leaves[i]) written[fields[i]] = true;
  return written;
}

void add_edited(std::size_t step, const Profile& k, std::vector<Mutant>& to) {
  const auto written = written_by(step, k);
  const auto fields = field_infos();
  FieldEdit edit;
  edit.step = step_infos()[step].name;
  const auto add = [&](MutantKind kind, FieldEdit::Kind how) {
    edit.kind = how;
    to.push_back({kind, print_edit(edit), std::string(edit.step)});
  };
  for (std::size_t i = 0; i < fields.size(); ++i) {
    edit.table = fields[i].table;
    edit.field = fields[i].name;
    if (written[i] && fields[i].is_count()) {
      add(MutantKind::count, FieldEdit::Kind::one_more);
      add(MutantKind::count, FieldEdit::Kind::one_less);
    }
    for (std::size_t j = i + 1; j < fields.size(); ++j) {
      if (!(written[i] || written[j]) || !fields[i].is_like(fields[j])) continue;
      edit.other = fields[j].name;
      add(MutantKind::swap, FieldEdit::Kind::swapped);
    }
    edit.other = {};
  }
}

}  // namespace

Profile Mutant::of(Profile k) const {
  if (is_edit())
    k.edit = parse_edit(name, {name});
  else
    drop_rule(k, name, {name});
  return k;
}

std::string Mutant::option() const {
  return fmt::format("--{} {}", is_edit() ? "mutate" : "drop", name);
}

std::vector<Mutant> mutants() {
  std::vector<Mutant> all;
  add_dropped(all);
  const Profile k = load_profile("6.12");
  for (std::size_t step = 0; step < step_infos().size(); ++step) add_edited(step, k, all);
  return all;
}

}  // namespace hmm
