#pragma once
#include <optional>
#include <string>
#include <vector>

#include "traces/kconfig_file.h"

// Which configurations the rules of a kernel allow. A symbol is
//   y if what is y selects it; else
//   what is asked for, where its prompt and all that it depends on hold; else
//   its default, where what it depends on holds; else n.
namespace hmm {

struct KconfigValue {
  std::string symbol;
  bool value = false;
  friend bool operator==(const KconfigValue&, const KconfigValue&) = default;
};
// `A=y`.
std::string print(const KconfigValue& value);
// `SYMBOL=y` or `SYMBOL=n`; throws InputError for anything else, and for what has no row.
KconfigValue parse_kconfig_value(const KconfigFile& file, std::string_view text, const Origin& at);

// What of a symbol follows from what is asked for.
enum class KconfigState { n, y, open };

class KconfigRules {
 public:
  explicit KconfigRules(const KconfigFile& file);

  // Some configuration that has these values, with as few symbols y as come out so; none if there
  // is none. `alone`: nothing without a row selects anything.
  std::optional<std::map<std::string, bool>> configure(const std::vector<KconfigValue>& asked,
                                                       bool alone = false) const;
  // Whether some configuration has these values and the expression so.
  bool allows(const std::vector<KconfigValue>& asked, const KconfigExpr& expr, bool value) const;
  KconfigState state_of(const std::vector<KconfigValue>& asked, const KconfigExpr& expr) const;

  // A configuration of these that is none of the others, which have the same symbols, if there is
  // one.
  std::optional<std::map<std::string, bool>> one_outside(const KconfigRules& others,
                                                         bool alone = false) const;

  // Of values that no configuration has: fewest that cannot be together, and rules that forbid it,
  // each a sentence, in the order in which one leads to the next.
  struct Conflict {
    std::vector<KconfigValue> values;
    std::vector<std::string> because;
  };
  Conflict conflict(const std::vector<KconfigValue>& asked) const;

 private:
  using Clause = std::vector<int>;  // one of these holds: 1 + a variable, negative if it is n
  struct Rule {
    std::string says;
    std::vector<Clause> clauses;
  };
  using Values = std::vector<signed char>;  // of each variable: 0 not known, 1 y, -1 n

  int variable(const std::string& symbol) const;
  std::vector<Clause> clauses_of(const KconfigExpr& expr, bool value) const;
  void add_rule(std::string says, const KconfigExpr& expr);
  void add_rules_of(const KconfigSymbol& symbol, const std::vector<KconfigExpr>& selectors);
  Rule asked_rule(const KconfigValue& value) const;
  std::vector<Clause> all_clauses(const std::vector<KconfigValue>& asked) const;
  static bool propagate(const std::vector<Clause>& clauses, Values& values);
  bool solve(const std::vector<Clause>& clauses, Values& values) const;
  bool can_be(const std::vector<const Rule*>& rules) const;
  Values no_values(bool alone) const;
  std::map<std::string, bool> by_name(const Values& values) const;

  std::vector<std::string> names_;  // by variable: symbols, and then who else selects them
  std::map<std::string, int> variables_;
  std::vector<int> others_;
  std::vector<Rule> rules_;
};

}  // namespace hmm
