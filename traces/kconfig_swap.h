#pragma once
#include <vector>

#include "model/swapops/config.h"
#include "traces/kconfig_solve.h"

// Swap types and configurations: which of those that make a difference to a swap entry can be had.
namespace hmm {

// Of a kernel's rules and what is asked for, the configurations of its swap kernel (all_configs()
// but for CPUs with L1TF, which no option decides).
std::vector<SwapConfig> swap_configs_of(const KconfigFile& file, const KconfigRules& rules,
                                        const std::vector<KconfigValue>& asked);

// Those of all_configs() that the Kconfig rules of their kernel allow. Entries are proved for
// these.
std::vector<SwapConfig> configurable(const std::vector<SwapConfig>& configs);
const std::vector<SwapConfig>& configurable_configs();

}  // namespace hmm
