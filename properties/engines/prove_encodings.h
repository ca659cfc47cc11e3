#pragma once
#include <functional>
#include <stop_token>
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

struct EncodingsOptions {
  unsigned timeout_ms = 60'000;
  std::stop_token stop;  // what was not asked by then is unknown
  std::function<void(const EncodingResult&)> each;
};

// Every property that is claimed of each config, for all words at once. Configs often give the very
// same formula, which is then solved once.
std::vector<EncodingResult> prove_encodings(const std::vector<SwapConfig>& configs,
                                            const EncodingsOptions& options = {});

// How many results that gives.
std::size_t encodings_of(const std::vector<SwapConfig>& configs);

// One property of one encoding, whether claimed of it or not: for layouts that are wrong.
EncodingResult prove_encoding(std::string_view property, const SwapEncoding& encoding,
                              unsigned timeout_ms);

}  // namespace hmm
