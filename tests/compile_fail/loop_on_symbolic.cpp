// error: deleted function
#include "model/domain/symbolic.h"

hmm::SymWord low_bit(hmm::SymWord w) {
#ifdef CONTROL
  for (unsigned i = 0; i < 63; ++i) w = w << 1u;
#else
  while (!(w == hmm::SymWord(0))) w = w << 1u;
#endif
  return w;
}
