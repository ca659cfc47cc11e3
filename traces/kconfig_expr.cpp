#include "traces/kconfig_expr.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace hmm {
namespace {

using Op = KconfigExpr::Op;

class Parser {
 public:
  Parser(std::string_view text, const Origin& at) : text_(text), at_(at) {}

  KconfigExpr whole() {
    KconfigExpr expr = any(0);
    if (next_ != text_.size()) fail("&& or ||");
    return expr;
  }

 private:
  static constexpr unsigned kMaxDepth = 100;

  KconfigExpr any(unsigned depth) {
    return list("||", Op::any, [&] { return all(depth); });
  }
  KconfigExpr all(unsigned depth) {
    return list("&&", Op::all, [&] { return one(depth); });
  }
  template <class Parse>
  KconfigExpr list(std::string_view between, Op op, Parse parse) {
    std::vector<KconfigExpr> of{parse()};
    while (skip(between)) of.push_back(parse());
    return of.size() == 1 ? of.front() : KconfigExpr{op, false, {}, std::move(of)};
  }
  KconfigExpr one(unsigned depth) {
    if (depth == kMaxDepth) fail("fewer parentheses");
    if (skip("!")) return {Op::negation, false, {}, {one(depth + 1)}};
    if (skip("(")) {
      KconfigExpr expr = any(depth + 1);
      if (!skip(")")) fail(")");
      return expr;
    }
    std::string name;
    for (; next_ < text_.size() && is_of_name(text_[next_]); ++next_) name += text_[next_];
    if (name.empty()) fail("a symbol");
    if (name == "y" || name == "n") return KconfigExpr::constant(name == "y");
    return KconfigExpr::name(name);
  }
  static bool is_of_name(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
  }
  void skip_blanks() {
    while (next_ < text_.size() && text_[next_] == ' ') ++next_;
  }
  bool skip(std::string_view word) {
    skip_blanks();
    if (!text_.substr(next_).starts_with(word)) return false;
    next_ += word.size();
    skip_blanks();
    return true;
  }
  [[noreturn]] void fail(std::string_view expected) const {
    const auto rest = text_.substr(next_);
    reject(at_, fmt::format("{} in `{}`", expected, text_), rest.empty() ? "its end" : rest);
  }

  std::string_view text_;
  Origin at_;
  std::size_t next_ = 0;
};

}  // namespace

KconfigExpr parse_kconfig_expr(std::string_view text, const Origin& at) {
  return Parser(text, at).whole();
}

std::string print(const KconfigExpr& expr) {
  switch (expr.op) {
    case Op::constant:
      return expr.value ? "y" : "n";
    case Op::symbol:
      return expr.symbol;
    case Op::negation:
    case Op::all:
    case Op::any:
      break;
  }
  std::vector<std::string> parts;
  for (const KconfigExpr& part : expr.of) {
    const bool is_list = part.op == Op::all || part.op == Op::any;
    // && binds closer than ||.
    const bool is_apart = is_list && !(expr.op == Op::any && part.op == Op::all);
    parts.push_back(is_apart ? fmt::format("({})", print(part)) : print(part));
  }
  if (expr.op == Op::negation) return "!" + parts.front();
  return fmt::format("{}", fmt::join(parts, expr.op == Op::all ? " && " : " || "));
}

bool holds(const KconfigExpr& expr, const std::function<bool(const std::string&)>& value) {
  const auto part_holds = [&](const KconfigExpr& part) { return holds(part, value); };
  switch (expr.op) {
    case Op::constant:
      return expr.value;
    case Op::symbol:
      return value(expr.symbol);
    case Op::negation:
      return !part_holds(expr.of.front());
    case Op::all:
      return std::all_of(expr.of.begin(), expr.of.end(), part_holds);
    case Op::any:
      break;
  }
  return std::any_of(expr.of.begin(), expr.of.end(), part_holds);
}

void for_each_symbol(const KconfigExpr& expr,
                     const std::function<void(const std::string&)>& visit) {
  if (expr.op == Op::symbol) visit(expr.symbol);
  for (const KconfigExpr& part : expr.of) for_each_symbol(part, visit);
}

}  // namespace hmm
