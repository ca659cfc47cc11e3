#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "model/swapops/pte.h"

namespace hmm {

struct EncodingResult {
  // unknown: the solver gave up, which proves nothing. vacuous: a claim's hypothesis has no model.
  enum class Answer { proved, refuted, unknown, vacuous };

  std::string property, config;
  Answer answer{};
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
