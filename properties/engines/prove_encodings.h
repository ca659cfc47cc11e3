#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "model/swapops/pte.h"
#include "properties/engines/answer.h"

namespace hmm {

struct EncodingResult {
  std::string property, config;
  Answer answer{};  // every config has its encodings: never out_of_scope
  double ms = 0;
  std::string counterexample;  // the claim that fails and the values it fails for
};

// A config in words: the kernel, the options that are on, and the numbers.
std::string swap_config_name(const SwapConfig& config);

// Every property that is claimed of each config, for all words at once. Configs often give the very
// same formula, which is then solved once.
std::vector<EncodingResult> prove_encodings(const std::vector<SwapConfig>& configs,
                                            unsigned timeout_ms);

// One property of one encoding, whether claimed of it or not: for layouts that are wrong.
EncodingResult prove_encoding(std::string_view property, const SwapEncoding& encoding,
                              unsigned timeout_ms);

}  // namespace hmm
