#pragma once
#include <array>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "traces/kconfig_expr.h"

// The Kconfig rules of a kernel as text: TOML files of model/kconfig/, a row for each symbol.
//
//   name = "7.3"
//   says = "Linux 7.3 on x86"
//   base = "6.12"            # optional: another one, for what is not said here
//   swap_kernel = "7.3"      # whose swap entries it has
//   gone = ["X86_5LEVEL"]    # optional: what the base has and this one has not
//   ["mm/Kconfig"]           # the file that has the symbols
//   MIGRATION = { prompt = "y", default = "y", depends = ["NUMA || CMA", "MMU"],
//                 selects = ["RAS", "A if B"], others = "drivers" }
//   [swap]                   # what decides the swap types
//   migration = "MIGRATION"
//   [exists.exclusive]       # what there is if its symbols are
//   needs = "DEVICE_PRIVATE"
//   source = "mm/rmap.c"
//   steps = ["..."]
//   calls = ["..."]
namespace hmm {

struct KconfigSelect {
  std::string symbol;
  KconfigExpr when = KconfigExpr::constant(true);
};

struct KconfigSymbol {
  std::string name, file;
  unsigned line = 0;
  std::string source;  // the TOML file that has the row
  // Who configures is asked where it holds; never, if it is n.
  KconfigExpr prompt = KconfigExpr::constant(false);
  std::vector<KconfigExpr> depends;                  // all of them
  KconfigExpr value = KconfigExpr::constant(false);  // its default
  std::vector<KconfigSelect> selects;
  std::string others;  // who may select it that has no row; empty: nobody
};

// In the order of SwapConfig.
enum class SwapOption { memory_failure, migration, device_private, pte_marker, swap, physmem_52 };
inline constexpr std::array<std::string_view, 6> kSwapOptions{
    "memory_failure", "migration", "device_private", "pte_marker", "swap", "physmem_52"};

// Steps of the model and calls of recordings that are there if their symbols are.
struct KconfigExists {
  std::string name, source;
  KconfigExpr needs;
  std::vector<std::string> steps, calls;
};

struct KconfigFile {
  std::string name, says, swap_kernel;
  std::map<std::string, KconfigSymbol> symbols;
  std::array<KconfigExpr, kSwapOptions.size()> swap;
  std::vector<KconfigExists> exists;

  const KconfigExpr& decides(SwapOption option) const {
    return swap[static_cast<std::size_t>(option)];
  }
  std::vector<std::string> symbol_names() const;
};

// The names of the shipped ones.
std::vector<std::string> kconfig_names();

// A shipped one by name, or a file that has a `/` or ends in `.toml`. `at` is who asks.
KconfigFile load_kconfig(const std::string& name_or_path, const Origin& at = {"--kernel"});
// From its text. Every symbol that a row names has a row.
KconfigFile parse_kconfig(std::string_view text, const std::string& source);

}  // namespace hmm
