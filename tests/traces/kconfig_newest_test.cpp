// The rows of 7.3, whose sources are not Debian 12's: its own program, since they are seldom here.
#include "tests/traces/kconfig_real.h"

namespace hmm {

TEST_CASE("rows answer as the Kconfig files of 7.3 do") {
  const std::string kernel = "7.3";
  if (kconfig_tree(kernel).empty()) {
    std::cout << "skipped for want of Kconfig files of 7.3: tools/kernel/source 7.3\n";
    return;
  }
  if (!skips_kconfig(kernel, "tools/kernel/source 7.3")) KconfigComparison(kernel).run(150);
}

}  // namespace hmm
