// The rows of 6.1 and 6.12 say what their Kconfig files say. Its own program: a skip here must not
// hide what else fails.
#include "tests/traces/kconfig_real.h"

namespace hmm {

TEST_CASE("rows answer as the Kconfig files of Debian 12's kernels do") {
  for (const char* kernel : {"6.1", "6.12"})
    if (!skips_kconfig(kernel, "tools/kernel-sources")) KconfigComparison(kernel).run(150);
}

}  // namespace hmm
