// error: deleted function
#include "model/domain/symbolic.h"

hmm::SymNum choose(const hmm::SymBool& b, const hmm::SymNum& n) {
#ifdef CONTROL
  return hmm::ite(b, n, hmm::SymNum(0));
#else
  return b ? n : hmm::SymNum(0);
#endif
}
