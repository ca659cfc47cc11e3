#include "model/domain/symbolic.h"

#include <algorithm>
#include <bit>

namespace hmm {

namespace {

// z3::context would go on with the null that the solver gives where memory is out.
class OwnedContext {
 public:
  OwnedContext() : raw_(make()), wrapped_(raw_) {}
  OwnedContext(const OwnedContext&) = delete;
  ~OwnedContext() { Z3_del_context(raw_); }
  z3::context& get() { return wrapped_(); }

 private:
  static Z3_context make() {
    const Z3_config config = Z3_mk_config();
    const Z3_context context = Z3_mk_context_rc(config);
    Z3_del_config(config);
    if (context == nullptr) throw std::bad_alloc();
    return context;
  }

  Z3_context raw_;
  z3::scoped_context wrapped_;
};

}  // namespace

z3::context& smt() {
  static thread_local OwnedContext context;
  return context.get();
}

SymBool operator!(const SymBool& a) {
  if (a.e.is_true()) return false;
  if (a.e.is_false()) return true;
  if (a.e.is_app() && a.e.decl().decl_kind() == Z3_OP_NOT) return SymBool(a.e.arg(0));
  return SymBool(!a.e);
}
SymBool operator&&(const SymBool& a, const SymBool& b) {
  if (a.e.is_false() || b.e.is_true() || z3::eq(a.e, b.e)) return a;
  if (b.e.is_false() || a.e.is_true()) return b;
  return SymBool(a.e && b.e);
}
SymBool operator||(const SymBool& a, const SymBool& b) {
  if (a.e.is_true() || b.e.is_false() || z3::eq(a.e, b.e)) return a;
  if (b.e.is_true() || a.e.is_false()) return b;
  return SymBool(a.e || b.e);
}
SymBool operator==(const SymBool& a, const SymBool& b) {
  if (z3::eq(a.e, b.e)) return true;
  if (a.e.is_true()) return b;
  if (b.e.is_true()) return a;
  if (a.e.is_false()) return !b;
  if (b.e.is_false()) return !a;
  return SymBool(a.e == b.e);
}

unsigned SymNum::width() const {
  if (e) return e->get_sort().bv_size();
  return literal == 0 ? 1 : static_cast<unsigned>(std::bit_width(literal));
}
z3::expr SymNum::at_width(unsigned width) const {
  if (!e) return smt().bv_val(literal, width);
  const unsigned own = e->get_sort().bv_size();
  return own == width ? *e : z3::zext(*e, width - own);
}
SymNum SymNum::narrowed(unsigned width) const {
  if (!e) return {static_cast<unsigned>(literal & ((1u << width) - 1))};
  if (e->get_sort().bv_size() <= width) return SymNum(at_width(width));
  return SymNum(e->extract(width - 1, 0).simplify());
}

SymNum operator+(const SymNum& a, const SymNum& b) {
  if (!a.e && !b.e) return {static_cast<unsigned>(a.literal + b.literal)};
  if (!a.e && a.literal == 0) return b;
  if (!b.e && b.literal == 0) return a;
  const unsigned width = std::max(a.width(), b.width()) + 1;
  return SymNum(a.at_width(width) + b.at_width(width));
}
SymNum operator-(const SymNum& a, const SymNum& b) {
  if (!a.e && !b.e) return {static_cast<unsigned>(a.literal - b.literal)};
  if (!b.e && b.literal == 0) return a;
  const unsigned width = std::max(a.width(), b.width()) + 1;
  return SymNum(a.at_width(width) - b.at_width(width));
}
SymBool operator==(const SymNum& a, const SymNum& b) {
  if (!a.e && !b.e) return a.literal == b.literal;
  if (a.e && b.e && z3::eq(*a.e, *b.e)) return true;
  // A literal that the other side is too narrow to hold.
  if ((!a.e && a.width() > b.width()) || (!b.e && b.width() > a.width())) return false;
  const unsigned width = std::max(a.width(), b.width());
  return SymBool(a.at_width(width) == b.at_width(width));
}
SymBool operator<(const SymNum& a, const SymNum& b) {
  if (!a.e && !b.e) return a.literal < b.literal;
  if (!b.e && b.literal == 0) return false;
  const unsigned width = std::max(a.width(), b.width());
  return SymBool(z3::ult(a.at_width(width), b.at_width(width)));
}

SymBool ite(const SymBool& c, const SymBool& a, const SymBool& b) {
  if (c.e.is_true() || same_formula(a, b)) return a;
  if (c.e.is_false()) return b;
  if (a.e.is_true()) return c || b;
  if (a.e.is_false()) return !c && b;
  if (b.e.is_true()) return !c || a;
  if (b.e.is_false()) return c && a;
  return SymBool(z3::ite(c.e, a.e, b.e));
}
SymNum ite(const SymBool& c, const SymNum& a, const SymNum& b) {
  if (c.e.is_true() || same_formula(a, b)) return a;
  if (c.e.is_false()) return b;
  const unsigned width = std::max(a.width(), b.width());
  return SymNum(z3::ite(c.e, a.at_width(width), b.at_width(width)));
}
SymWord ite(const SymBool& c, const SymWord& a, const SymWord& b) {
  return SymWord(z3::ite(c.e, a.e, b.e));
}
SymBool implies(const SymBool& a, const SymBool& b) { return !a || b; }
SymNum to_num(const SymBool& b) { return ite(b, SymNum(1), SymNum(0)); }

bool same_formula(const SymBool& a, const SymBool& b) { return z3::eq(a.e, b.e); }
bool same_formula(const SymNum& a, const SymNum& b) {
  if (a.e && b.e) return z3::eq(*a.e, *b.e);
  return !a.e && !b.e && a.literal == b.literal;
}

}  // namespace hmm
