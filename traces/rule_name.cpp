#include "traces/rule_name.h"

#include <fmt/format.h>

#include "model/rules.h"
#include "model/step_infos.h"
#include "traces/field_infos.h"
#include "traces/nearest.h"

namespace hmm {
namespace {

// The rules of the same step or function, if there is one; else some of all. The nearest first.
std::vector<std::string> names_near(std::string_view text) {
  constexpr std::size_t kNear = 3;
  std::vector<std::string> near;
  for (const auto& r : rules())
    if (r.id.of == text.substr(0, text.find('.'))) near.push_back(print_rule(r.id));
  if (!near.empty()) return nearest(text, std::move(near));
  for (const auto& r : rules()) near.push_back(print_rule(r.id));
  near = nearest(text, std::move(near));
  near.resize(kNear);
  return near;
}

}  // namespace

std::string print_rule(const RuleId& id) { return fmt::format("{}.{}", id.of, id.word); }

RuleId parse_rule(std::string_view text, const Origin& at) {
  if (const Rule* rule = rule_named(text); rule != nullptr) return rule->id;
  reject(at, fmt::format("a rule of `hmmcheck list steps`, such as {}", joined(names_near(text))),
         text.empty() ? "none" : text);
}

void drop_rule(Profile& profile, std::string_view text, const Origin& at) {
  if (!profile.drops.add(parse_rule(text, at)))
    reject(at, fmt::format("at most {} rules to drop", Drops::kMost), "one more");
}

std::string print_edit(const FieldEdit& edit) {
  std::string what;
  switch (edit.kind) {
    case FieldEdit::Kind::none:
      return {};
    case FieldEdit::Kind::one_more:
      what = "+1";
      break;
    case FieldEdit::Kind::one_less:
      what = "-1";
      break;
    case FieldEdit::Kind::swapped:
      what = fmt::format("~{}", edit.other);
      break;
  }
  return fmt::format("{}:{}.{}{}", edit.step, edit.table, edit.field, what);
}

namespace {

std::string_view step_named(std::string_view name, const Origin& at) {
  std::vector<std::string> names;
  for (const auto& step : step_infos()) {
    if (step.name == name) return step.name;
    names.emplace_back(step.name);
  }
  reject(at, "a step of `hmmcheck list steps`" + did_you_mean(name, names),
         name.empty() ? "none" : name);
}

const FieldInfo& field_named(std::string_view table, std::string_view name, const Origin& at) {
  std::vector<std::string> names;
  for (const auto& field : field_infos()) {
    if (field.table == table && field.name == name) return field;
    names.push_back(fmt::format("{}.{}", field.table, field.name));
  }
  const std::string found = fmt::format("{}.{}", table, name);
  reject(at, "a field of a state's table" + did_you_mean(found, names), found);
}

}  // namespace

FieldEdit parse_edit(std::string_view text, const Origin& at) {
  const auto colon = text.find(':');
  const auto dot = text.find('.', colon == text.npos ? 0 : colon);
  const auto end = dot == text.npos ? dot : text.find_first_of("+-~", dot);
  if (colon == text.npos || dot == text.npos || end == text.npos)
    reject(at, "STEP:TABLE.FIELD+1, STEP:TABLE.FIELD-1 or STEP:TABLE.FIELD~OTHER",
           text.empty() ? "none" : text);
  FieldEdit edit;
  edit.step = step_named(text.substr(0, colon), at);
  const auto table = text.substr(colon + 1, dot - colon - 1), what = text.substr(end);
  const FieldInfo& field = field_named(table, text.substr(dot + 1, end - dot - 1), at);
  edit.table = field.table;
  edit.field = field.name;
  if (what.starts_with('~')) {
    const FieldInfo& other = field_named(table, what.substr(1), at);
    if (&other == &field || !field.is_like(other))
      reject(
          at,
          fmt::format("another field of {} whose values are like those of {}", table, field.name),
          other.name);
    edit.other = other.name;
    edit.kind = FieldEdit::Kind::swapped;
    return edit;
  }
  if (what != "+1" && what != "-1") reject(at, "+1, -1 or ~OTHER", what);
  if (!field.is_count())
    reject(at, "a field that counts something", fmt::format("{}.{}", table, field.name));
  edit.kind = what == "+1" ? FieldEdit::Kind::one_more : FieldEdit::Kind::one_less;
  return edit;
}

Profile without_rules(Profile profile, const std::vector<std::string>& texts) {
  for (const auto& text : texts) drop_rule(profile, text, {"--drop"});
  return profile;
}

}  // namespace hmm
