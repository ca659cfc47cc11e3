// error: no matching function
#include "model/domain/domain.h"
#include "model/sorts.h"

template <class D>
struct Counted {
  typename D::Num order{};
  static constexpr auto fields() {
    using hmm::Fields, hmm::field;
#ifdef CONTROL
    return Fields{field("order", &Counted::order, hmm::sort::hold)};
#else
    return Fields{field("order", &Counted::order)};
#endif
  }
};
static_assert(Counted<hmm::Concrete<hmm::Scope{}>>::fields().size == 1);
