#pragma once
#include <stdexcept>

namespace hmm {

// What a user gave us and we cannot use: `file:line: expected ..., found ...`. Caught in main,
// which prints it and exits with 2.
struct InputError : std::runtime_error {
  using runtime_error::runtime_error;
};

}  // namespace hmm
