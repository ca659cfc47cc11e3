// error: not handled in switch
#include "model/sorts.h"

namespace hmm {

enum class Swapping : unsigned { idle, written };
constexpr Gate gate_of(Swapping s) {
  switch (s) {
    case Swapping::idle:
      return kAlways;
#ifdef CONTROL
    case Swapping::written:
      return {&Scope::holds};
#endif
  }
  return kAlways;
}
static_assert(kEnumeration<Swapping>.names.size() == 2);

}  // namespace hmm
