// error: deleted function
#include "model/domain/symbolic.h"

// The text of a rule that branches: it runs on plain integers only.
template <class D>
typename D::Num branching_rule(const typename D::Num& n) {
  if (n == typename D::Num(1)) return typename D::Num(0);
  return n;
}

template <class D>
typename D::Num rule(const typename D::Num& n) {
  return hmm::ite(n == typename D::Num(1), typename D::Num(0), n);
}

hmm::SymNum instantiate(const hmm::SymNum& n) {
  (void)branching_rule<hmm::Concrete<hmm::Scope{}>>(hmm::Small(1));
#ifdef CONTROL
  return rule<hmm::Symbolic<hmm::Scope{}>>(n);
#else
  return branching_rule<hmm::Symbolic<hmm::Scope{}>>(n);
#endif
}
