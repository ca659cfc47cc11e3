// error: enumerator
#include "model/domain/domain.h"
#include "model/sorts.h"

namespace hmm {

enum class Swapping : unsigned { idle, written };
#ifdef CONTROL
constexpr Gate gate_of(Swapping) { return kAlways; }
#endif

template <class D>
struct Swapped {
  typename D::Num stage{};
  static constexpr auto fields() {
    return Fields{field("stage", &Swapped::stage, sort::enumerator<Swapping>)};
  }
};
static_assert(Swapped<Concrete<Scope{}>>::fields().size == 1);

}  // namespace hmm
