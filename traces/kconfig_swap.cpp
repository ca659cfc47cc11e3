#include "traces/kconfig_swap.h"

#include <algorithm>
#include <memory>

namespace hmm {
namespace {

// 4.14.63 has the rules of 4.14.
std::string_view kconfig_of(SwapKernel kernel) {
  return swap_kernel_name(kernel == SwapKernel::v4_14_l1tf ? SwapKernel::v4_14 : kernel);
}

bool allows(const KconfigFile& file, const KconfigRules& rules,
            const std::vector<KconfigValue>& asked, const SwapConfig& c) {
  const std::pair<SwapOption, bool> wanted[] = {{SwapOption::memory_failure, c.memory_failure},
                                                {SwapOption::migration, c.migration},
                                                {SwapOption::device_private, c.device_private},
                                                {SwapOption::pte_marker, c.pte_marker},
                                                {SwapOption::swap, c.swap}};
  KconfigExpr all{KconfigExpr::Op::all, false, {}, {}};
  for (const auto& [option, value] : wanted) {
    const KconfigExpr& decides = file.decides(option);
    all.of.push_back(value ? decides
                           : KconfigExpr{KconfigExpr::Op::negation, false, {}, {decides}});
  }
  // Fewer bits are a CPU's own.
  if (c.physmem_bits == 52) all.of.push_back(file.decides(SwapOption::physmem_52));
  return rules.allows(asked, all, true);
}

}  // namespace

std::vector<SwapConfig> swap_configs_of(const KconfigFile& file, const KconfigRules& rules,
                                        const std::vector<KconfigValue>& asked) {
  std::vector<SwapConfig> out;
  for (const SwapConfig& c : all_configs())
    if (c.kernel == *swap_kernel_named(file.swap_kernel) && c.l1tf_cache_bits == 0 &&
        allows(file, rules, asked, c))
      out.push_back(c);
  return out;
}

std::vector<SwapConfig> configurable(const std::vector<SwapConfig>& configs) {
  struct Rules {
    explicit Rules(std::string_view name) : file(load_kconfig(std::string(name))), rules(file) {}
    KconfigFile file;
    KconfigRules rules;
  };
  std::map<std::string_view, std::unique_ptr<Rules>> of;
  std::vector<SwapConfig> out;
  for (const SwapConfig& c : configs) {
    auto& rules = of[kconfig_of(c.kernel)];
    if (!rules) rules = std::make_unique<Rules>(kconfig_of(c.kernel));
    if (allows(rules->file, rules->rules, {}, c)) out.push_back(c);
  }
  return out;
}

const std::vector<SwapConfig>& configurable_configs() {
  static const std::vector<SwapConfig> configs = configurable(all_configs());
  return configs;
}

}  // namespace hmm
