#pragma once
#include "model/pagemap.h"
#include "model/verdict.h"

namespace hmm {

// Whoever looked a struct dev_pagemap up is done with it.
//
// Kernel: include/linux/memremap.h put_dev_pagemap().
template <class D>
struct PutDevPagemap {
  using Num = typename D::Num;
  static constexpr const char* name = "put_dev_pagemap";
  static constexpr std::array verdicts{Verdict::ok, Verdict::not_held};

  Num device{};

  static constexpr auto fields() {
    return Fields{field("device", &PutDevPagemap::device, sort::mapped_device)};
  }

  Num check(const Profile& k, const State<D>& s) const {
    return Guards<D>(k, name)
        .end_if("looked_up", !s.pagemap.at(device).looked_up, Verdict::not_held)
        .verdict();
  }

  void apply(const Profile& k, State<D>& s, const Num& verdict) const {
    const Effects<D> does(k, name);
    for_each<D, sort::mapped_device>([&](unsigned d) {
      const auto here = device == Num(d);
      if (does("put")) put_pagemap<D>(s, d, here);
      auto& p = s.pagemap.slot[d];
      if (does("end")) p.looked_up = p.looked_up && !here;
    });
  }
};

}  // namespace hmm
