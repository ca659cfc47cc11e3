// error: no matching function
#include "model/domain/domain.h"
#include "model/sorts.h"

template <class D>
struct Marked {
  typename D::Bool wp{};
  static constexpr auto fields() {
    using hmm::Fields, hmm::field;
#ifdef CONTROL
    return Fields{field("wp", &Marked::wp, hmm::Gate{&hmm::Scope::dirty_bits})};
#else
    return Fields{field("wp", &Marked::wp, hmm::sort::vpn)};
#endif
  }
};
static_assert(Marked<hmm::Concrete<hmm::Scope{}>>::fields().size == 1);
