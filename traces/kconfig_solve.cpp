#include "traces/kconfig_solve.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "traces/nearest.h"

namespace hmm {
namespace {

using Op = KconfigExpr::Op;

KconfigExpr negation(const KconfigExpr& expr) { return {Op::negation, false, {}, {expr}}; }
KconfigExpr any(std::vector<KconfigExpr> of) { return {Op::any, false, {}, std::move(of)}; }
KconfigExpr all(std::vector<KconfigExpr> of) { return {Op::all, false, {}, std::move(of)}; }
KconfigExpr implies(const KconfigExpr& given, const KconfigExpr& then) {
  return any({negation(given), then});
}

// No symbol has such a name.
std::string others_of(const std::string& symbol) { return symbol + " by others"; }

std::string condition(const KconfigExpr& when) { return when.is(true) ? "" : " if " + print(when); }

}  // namespace

std::string print(const KconfigValue& value) { return value.symbol + (value.value ? "=y" : "=n"); }

KconfigValue parse_kconfig_value(const KconfigFile& file, std::string_view text, const Origin& at) {
  const std::size_t equals = text.find('=');
  std::string_view name = text.substr(0, equals);
  if (name.starts_with("CONFIG_")) name.remove_prefix(7);
  const std::string symbol(name);
  if (!file.symbols.contains(symbol))
    reject(at,
           fmt::format("a symbol of {}{}", file.name, did_you_mean(symbol, file.symbol_names())),
           text);
  const std::string_view value = equals == text.npos ? "" : text.substr(equals + 1);
  if (value != "y" && value != "n") reject(at, fmt::format("{0}=y or {0}=n", symbol), text);
  return {symbol, value == "y"};
}

KconfigRules::KconfigRules(const KconfigFile& file) {
  for (const auto& [name, symbol] : file.symbols) names_.push_back(name);
  for (const auto& [name, symbol] : file.symbols) {
    if (symbol.others.empty()) continue;
    others_.push_back(static_cast<int>(names_.size()));
    names_.push_back(others_of(name));
  }
  for (std::size_t i = 0; i < names_.size(); ++i) variables_[names_[i]] = static_cast<int>(i);
  std::map<std::string, std::vector<KconfigExpr>> selectors;
  for (const auto& [name, symbol] : file.symbols) {
    for (const KconfigSelect& select : symbol.selects) {
      const KconfigExpr when = all({KconfigExpr::name(name), select.when});
      add_rule(fmt::format("{} selects {}{} ({})", name, select.symbol, condition(select.when),
                           symbol.file),
               implies(when, KconfigExpr::name(select.symbol)));
      selectors[select.symbol].push_back(when);
    }
    if (symbol.others.empty()) continue;
    const KconfigExpr when = KconfigExpr::name(others_of(name));
    add_rule(fmt::format("{} select {}", symbol.others, name),
             implies(when, KconfigExpr::name(name)));
    selectors[name].push_back(when);
  }
  for (const auto& [name, symbol] : file.symbols) add_rules_of(symbol, selectors[name]);
}

void KconfigRules::add_rules_of(const KconfigSymbol& symbol,
                                const std::vector<KconfigExpr>& selectors) {
  const KconfigExpr self = KconfigExpr::name(symbol.name);
  const auto or_selected = [&](std::vector<KconfigExpr> of) {
    of.insert(of.end(), selectors.begin(), selectors.end());
    return implies(self, any(std::move(of)));
  };
  for (const KconfigExpr& expr : symbol.depends)
    add_rule(fmt::format("{} depends on {} ({})", symbol.name, print(expr), symbol.file),
             or_selected({expr}));
  std::vector<std::string> who;
  for (const KconfigExpr& selector : selectors) who.push_back(print(selector));
  const bool has_prompt = !symbol.prompt.is(false);
  if (!symbol.prompt.is(true)) {
    const std::string asked =
        has_prompt ? "is asked for if " + print(symbol.prompt) : "has no prompt";
    const std::string selected =
        who.empty() ? "nothing selects it" : "is selected by " + joined(who);
    const std::string by_default =
        symbol.value.is(false) ? "" : "is " + print(symbol.value) + " by default, ";
    add_rule(fmt::format("{} {}, {}{} ({})", symbol.name, asked, by_default, selected, symbol.file),
             or_selected({symbol.prompt, symbol.value}));
  }
  std::vector<KconfigExpr> given = symbol.depends;
  given.push_back(symbol.value);
  given.push_back(negation(symbol.prompt));
  std::vector<std::string> when;
  for (const KconfigExpr& expr : symbol.depends) when.push_back(print(expr));
  if (!symbol.prompt.is(true) && !symbol.value.is(false))
    add_rule(fmt::format("{} is {} by default{}{}{} ({})", symbol.name, print(symbol.value),
                         when.empty() ? "" : " with " + joined(when),
                         has_prompt ? ", and is not asked for without " : "",
                         has_prompt ? print(symbol.prompt) : "", symbol.file),
             implies(all(std::move(given)), self));
}

void KconfigRules::add_rule(std::string says, const KconfigExpr& expr) {
  rules_.push_back({std::move(says), clauses_of(expr, true)});
}

int KconfigRules::variable(const std::string& symbol) const { return variables_.at(symbol); }

// In conjunctive normal form: rules are short.
std::vector<KconfigRules::Clause> KconfigRules::clauses_of(const KconfigExpr& expr,
                                                           bool value) const {
  if (expr.op == Op::constant)
    return expr.value == value ? std::vector<Clause>{} : std::vector<Clause>{{}};
  if (expr.op == Op::symbol)
    return {{value ? variable(expr.symbol) + 1 : -variable(expr.symbol) - 1}};
  if (expr.op == Op::negation) return clauses_of(expr.of.front(), !value);
  const bool each = (expr.op == Op::all) == value;
  std::vector<Clause> out = each ? std::vector<Clause>{} : std::vector<Clause>{{}};
  for (const KconfigExpr& part : expr.of) {
    const auto clauses = clauses_of(part, value);
    if (each) {
      out.insert(out.end(), clauses.begin(), clauses.end());
      continue;
    }
    std::vector<Clause> product;
    for (const Clause& a : out)
      for (const Clause& b : clauses) {
        product.push_back(a);
        product.back().insert(product.back().end(), b.begin(), b.end());
      }
    out = std::move(product);
  }
  return out;
}

KconfigRules::Rule KconfigRules::asked_rule(const KconfigValue& value) const {
  const int literal = variable(value.symbol) + 1;
  return {print(value) + " is asked for", {{value.value ? literal : -literal}}};
}

std::vector<KconfigRules::Clause> KconfigRules::all_clauses(
    const std::vector<KconfigValue>& asked) const {
  std::vector<Clause> clauses;
  for (const KconfigValue& value : asked) clauses.push_back(asked_rule(value).clauses.front());
  for (const Rule& rule : rules_)
    clauses.insert(clauses.end(), rule.clauses.begin(), rule.clauses.end());
  return clauses;
}

// What clauses of which one literal is left decide. False if one has none left.
bool KconfigRules::propagate(const std::vector<Clause>& clauses, Values& values) {
  for (bool changed = true; changed;) {
    changed = false;
    for (const Clause& clause : clauses) {
      int left = 0, open = 0;
      bool holds = false;
      for (const int literal : clause) {
        const int value = values[static_cast<std::size_t>(std::abs(literal) - 1)];
        holds = holds || (value != 0 && (value > 0) == (literal > 0));
        if (value == 0 && literal != left) ++open, left = literal;
      }
      if (holds) continue;
      if (open == 0) return false;
      if (open > 1) continue;
      values[static_cast<std::size_t>(std::abs(left) - 1)] = left > 0 ? 1 : -1;
      changed = true;
    }
  }
  return true;
}

bool KconfigRules::solve(const std::vector<Clause>& clauses, Values& values) const {
  if (!propagate(clauses, values)) return false;
  const auto open = std::find(values.begin(), values.end(), 0);
  if (open == values.end()) return true;
  for (const bool value : {false, true}) {
    Values tried = values;
    tried[static_cast<std::size_t>(open - values.begin())] = value ? 1 : -1;
    if (!solve(clauses, tried)) continue;
    values = std::move(tried);
    return true;
  }
  return false;
}

KconfigRules::Values KconfigRules::no_values(bool alone) const {
  Values values(names_.size(), 0);
  if (alone)
    for (const int other : others_) values[static_cast<std::size_t>(other)] = -1;
  return values;
}

std::map<std::string, bool> KconfigRules::by_name(const Values& values) const {
  std::map<std::string, bool> out;
  for (std::size_t i = 0; i < names_.size() - others_.size(); ++i) out[names_[i]] = values[i] > 0;
  return out;
}

std::optional<std::map<std::string, bool>> KconfigRules::one_outside(const KconfigRules& others,
                                                                     bool alone) const {
  const auto mine = all_clauses({});
  for (const Rule& rule : others.rules_) {
    for (const Clause& clause : rule.clauses) {
      auto clauses = mine;
      for (const int literal : clause) clauses.push_back({-literal});
      Values values = no_values(alone);
      if (solve(clauses, values)) return by_name(values);
    }
  }
  return {};
}

std::optional<std::map<std::string, bool>> KconfigRules::configure(
    const std::vector<KconfigValue>& asked, bool alone) const {
  Values values = no_values(alone);
  if (!solve(all_clauses(asked), values)) return {};
  return by_name(values);
}

bool KconfigRules::allows(const std::vector<KconfigValue>& asked, const KconfigExpr& expr,
                          bool value) const {
  auto clauses = all_clauses(asked);
  const auto wanted = clauses_of(expr, value);
  clauses.insert(clauses.end(), wanted.begin(), wanted.end());
  Values values(names_.size(), 0);
  return solve(clauses, values);
}

KconfigState KconfigRules::state_of(const std::vector<KconfigValue>& asked,
                                    const KconfigExpr& expr) const {
  if (!allows(asked, expr, false)) return KconfigState::y;
  return allows(asked, expr, true) ? KconfigState::open : KconfigState::n;
}

bool KconfigRules::can_be(const std::vector<const Rule*>& rules) const {
  std::vector<Clause> clauses;
  for (const Rule* rule : rules)
    clauses.insert(clauses.end(), rule->clauses.begin(), rule->clauses.end());
  Values values(names_.size(), 0);
  return solve(clauses, values);
}

KconfigRules::Conflict KconfigRules::conflict(const std::vector<KconfigValue>& asked) const {
  std::vector<Rule> asked_rules;
  for (const KconfigValue& value : asked) asked_rules.push_back(asked_rule(value));
  std::vector<const Rule*> core;
  for (const Rule& rule : asked_rules) core.push_back(&rule);
  for (const Rule& rule : rules_) core.push_back(&rule);
  // What it is a conflict without is no part of it. The last asked for are left out first.
  for (std::size_t i = asked.size(); i-- > 0;) {
    auto fewer = core;
    fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(i));
    if (!can_be(fewer)) core = std::move(fewer);
  }
  for (std::size_t i = core.size(); i-- > 0;) {
    auto fewer = core;
    fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(i));
    if (!can_be(fewer)) core = std::move(fewer);
  }
  const auto is_asked = [&](const Rule* rule) {
    return rule >= asked_rules.data() && rule < asked_rules.data() + asked_rules.size();
  };
  Conflict out;
  for (std::size_t i = 0; i < asked.size(); ++i)
    if (std::find(core.begin(), core.end(), &asked_rules[i]) != core.end())
      out.values.push_back(asked[i]);
  // As it goes on from what is known: a rule that has a symbol in common with those before it.
  std::vector<bool> known(names_.size());
  while (!core.empty()) {
    const auto next = std::find_if(core.begin(), core.end(), [&](const Rule* rule) {
      if (is_asked(rule)) return false;
      for (const Clause& clause : rule->clauses)
        for (const int literal : clause)
          if (known[static_cast<std::size_t>(std::abs(literal) - 1)]) return true;
      return false;
    });
    const auto taken = next == core.end() ? core.begin() : next;
    for (const Clause& clause : (*taken)->clauses)
      for (const int literal : clause)
        known[static_cast<std::size_t>(std::abs(literal) - 1)] = true;
    out.because.push_back((*taken)->says);
    core.erase(taken);
  }
  return out;
}

}  // namespace hmm
