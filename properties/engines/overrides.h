#pragma once
#include <cstring>

#include "model/run.h"

namespace hmm {

// Whether the step, which led from one state to the other, leads elsewhere without an override
// (engines.h).
template <class D, class S>
bool is_decided(const Profile& without, const State<D>& from, const S& step, const State<D>& to) {
  State<D> other = from;
  take<D>(without, other, step);
  return std::memcmp(&other, &to, sizeof to) != 0;
}

}  // namespace hmm
