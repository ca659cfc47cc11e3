#pragma once
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "traces/input.h"

namespace hmm {

// What a symbol of Kconfig depends on: `A && !B || C`, with parentheses, and `y` and `n`. Modules
// are taken as built in, so a symbol is y or n.
struct KconfigExpr {
  enum class Op { constant, symbol, negation, all, any };
  Op op = Op::constant;
  bool value = false;           // of a constant
  std::string symbol;           // of a symbol
  std::vector<KconfigExpr> of;  // of the others

  static KconfigExpr constant(bool value) { return {Op::constant, value, {}, {}}; }
  static KconfigExpr name(std::string symbol) { return {Op::symbol, false, std::move(symbol), {}}; }

  bool is(bool constant) const { return op == Op::constant && value == constant; }
  friend bool operator==(const KconfigExpr&, const KconfigExpr&) = default;
};

// Throws InputError for whatever is not such a text.
KconfigExpr parse_kconfig_expr(std::string_view text, const Origin& at);
std::string print(const KconfigExpr& expr);

bool holds(const KconfigExpr& expr, const std::function<bool(const std::string&)>& value);
// Calls visit() for each symbol that it names.
void for_each_symbol(const KconfigExpr& expr, const std::function<void(const std::string&)>& visit);

}  // namespace hmm
