// error: integ
#include "model/domain/symbolic.h"

unsigned pick(const hmm::SymNum& n, unsigned slot) {
#ifdef CONTROL
  (void)n;
  switch (slot) {
#else
  (void)slot;
  switch (n) {
#endif
    case 0:
      return 1;
    default:
      return 0;
  }
}
