// Kconfig rules as text, what the shipped ones allow, and which swap entries there are with them.
#include <catch2/catch.hpp>
#include <set>

#include "model/step_infos.h"
#include "tests/goldens/goldens.h"
#include "traces/call_text.h"
#include "traces/kconfig_swap.h"

namespace hmm {
namespace {

const std::string kSmall =
    "says = \"A kernel.\"\nswap_kernel = \"6.12\"\n"
    "[\"mm/Kconfig\"]\n"
    "ASKED = { prompt = \"y\", selects = [\"TOLD if OTHER\"] }\n"
    "OTHER = { prompt = \"y\", default = \"y\" }\n"
    "TOLD = { depends = [\"OTHER\"] }\n"
    "NEEDS = { prompt = \"ASKED\", default = \"!OTHER\", depends = [\"TOLD || !ASKED\"] }\n"
    "OPEN = { others = \"drivers\" }\n";

std::vector<KconfigValue> asked_of(const KconfigFile& file, const std::vector<std::string>& texts) {
  std::vector<KconfigValue> asked;
  for (const auto& text : texts) asked.push_back(parse_kconfig_value(file, text, {"SYMBOL"}));
  return asked;
}

bool can_be(const KconfigFile& file, const std::vector<std::string>& texts) {
  return KconfigRules(file).configure(asked_of(file, texts)).has_value();
}

std::string error_of(const std::string& text) {
  try {
    parse_kconfig(text, "k.toml");
  } catch (const InputError& e) {
    return e.what();
  }
  return "";
}

TEST_CASE("an expression is printed as it is read") {
  for (const char* text : {"A", "!A", "A && !B", "A || B && C", "(A || B) && !(C && D)", "y", "n"})
    CHECK(print(parse_kconfig_expr(text, {"x"})) == text);
  for (const char* text : {"", "A &&", "A B", "(A", "A)", "!", "A | B", "&& A"})
    CHECK_THROWS_AS(parse_kconfig_expr(text, {"x"}), InputError);
  CHECK_THROWS_AS(parse_kconfig_expr(std::string(10'000, '('), {"x"}), InputError);
}

TEST_CASE("a symbol is y as Kconfig says") {
  const KconfigFile file = parse_kconfig(kSmall, "k.toml");
  // Selected, if the condition holds; and not otherwise, without a prompt.
  CHECK_FALSE(can_be(file, {"ASKED=y", "OTHER=y", "TOLD=n"}));
  CHECK_FALSE(can_be(file, {"ASKED=y", "OTHER=n", "TOLD=y"}));
  CHECK_FALSE(can_be(file, {"ASKED=n", "TOLD=y"}));
  CHECK(can_be(file, {"TOLD=y"}));
  // Asked for where the prompt is; else its default, where it can be.
  CHECK(can_be(file, {"ASKED=y", "OTHER=y", "NEEDS=y"}));
  CHECK(can_be(file, {"ASKED=y", "OTHER=y", "NEEDS=n"}));
  CHECK_FALSE(can_be(file, {"ASKED=y", "OTHER=n", "NEEDS=y"}));
  CHECK_FALSE(can_be(file, {"ASKED=n", "OTHER=n", "NEEDS=n"}));
  CHECK_FALSE(can_be(file, {"ASKED=n", "OTHER=y", "NEEDS=y"}));
  // By what has no row, unless there is nothing else.
  CHECK(can_be(file, {"OPEN=y"}));
  CHECK_FALSE(KconfigRules(file).configure(asked_of(file, {"OPEN=y"}), true).has_value());
}

TEST_CASE("of what cannot be, the fewest and the way from one to the other are told") {
  const KconfigFile file = load_kconfig("6.12");
  const auto conflict =
      KconfigRules(file).conflict(asked_of(file, {"KSM=y", "DEVICE_PRIVATE=y", "MIGRATION=n"}));
  CHECK(conflict.values == asked_of(file, {"DEVICE_PRIVATE=y", "MIGRATION=n"}));
  CHECK(conflict.because ==
        std::vector<std::string>{
            "DEVICE_PRIVATE=y is asked for", "DEVICE_PRIVATE depends on ZONE_DEVICE (mm/Kconfig)",
            "ZONE_DEVICE depends on MEMORY_HOTREMOVE (mm/Kconfig)",
            "MEMORY_HOTREMOVE depends on MIGRATION (mm/Kconfig)", "MIGRATION=n is asked for"});
}

TEST_CASE("rows that are not as they are to be are refused") {
  REQUIRE(error_of(kSmall) == "");
  CHECK(error_of(kSmall + "ODD = { need = \"A\" }\n") ==
        "k.toml:9: expected prompt, depends, default, selects, others, found need");
  CHECK(error_of(kSmall + "ODD = { depends = [\"OTHR\"] }\n") ==
        "k.toml:9: expected a symbol that has a row (did you mean OTHER?), found OTHR");
  CHECK(error_of(kSmall + "ODD = { depends = [\"OTHER &\"] }\n") ==
        "k.toml:9: expected && or || in `OTHER &`, found &");
  CHECK(error_of(kSmall + "ODD = { selects = [\"!OTHER\"] }\n") ==
        "k.toml:9: expected SYMBOL or SYMBOL if EXPRESSION, found !OTHER");
  CHECK(error_of("base = \"6.13\"\n") ==
        "k.toml:1: expected a kernel (4.14, 6.1, 6.12, 7.3, v16) or a file ending in .toml (did "
        "you mean 6.1?), found 6.13");
  CHECK(error_of("base = \"6.12\"\ngone = [\"PTE_MARKER\"]\n") ==
        "k.toml:2: expected a symbol of the base, found PTE_MARKER");
  // What others depend on cannot go.
  CHECK(error_of("base = \"6.12\"\ngone = [\"ZONE_DEVICE\"]\n").find("ZONE_DEVICE") !=
        std::string::npos);
  CHECK(error_of("odd = 1\n").starts_with("k.toml:1: expected name, says, base, "));
  CHECK(error_of("says = \"x\"\n") ==
        "k.toml:1: expected swap_kernel, whose swap entries it has, found ");
}

TEST_CASE("every kernel has every step and every call once") {
  for (const auto& kernel : kconfig_names()) {
    INFO(kernel);
    const KconfigFile file = load_kconfig(kernel);
    std::multiset<std::string> steps, calls, known_steps, known_calls;
    for (const auto& exists : file.exists) {
      steps.insert(exists.steps.begin(), exists.steps.end());
      calls.insert(exists.calls.begin(), exists.calls.end());
    }
    for (const auto& step : step_infos()) known_steps.insert(std::string(step.name));
    for_each_call([&](const auto& call) { known_calls.insert(std::string(call.row.name)); });
    CHECK(steps == known_steps);
    CHECK(calls == known_calls);
  }
}

TEST_CASE("a kernel can be configured with all that it has of HMM, and without") {
  const std::map<std::string, std::vector<std::string>> most{
      {"v16", {"DEVICE_UNADDRESSABLE=y", "HMM_MIRROR=y", "HMM_MIGRATE=y", "HMM_DEVMEM=y"}},
      {"4.14", {"DEVICE_PRIVATE=y", "DEVICE_PUBLIC=y", "HMM_MIRROR=y"}},
      {"6.1", {"TEST_HMM=y", "PTE_MARKER=y", "MEM_SOFT_DIRTY=y"}},
      {"6.12", {"TEST_HMM=y", "MEM_SOFT_DIRTY=y", "MEMORY_FAILURE=y"}},
      {"7.3", {"TEST_HMM=y", "MEM_SOFT_DIRTY=y", "MEMORY_FAILURE=y"}}};
  REQUIRE(most.size() == kconfig_names().size());
  for (const auto& [kernel, with] : most) {
    INFO(kernel);
    const KconfigFile file = load_kconfig(kernel);
    CHECK(can_be(file, with));
    CHECK(can_be(file, {"ZONE_DEVICE=n", "HMM_MIRROR=n", "MMU_NOTIFIER=n", "MIGRATION=n"}));
    CHECK_FALSE(can_be(file, {"ZONE_DEVICE=y", "MIGRATION=n"}));
    CHECK_FALSE(can_be(file, {"ZONE_DEVICE=y", "64BIT=n"}));
  }
}

TEST_CASE("swap entries are counted for what can be configured") {
  const auto& configs = configurable_configs();
  CHECK(configs.size() == goldens::golden("encodings", "configs"));
  std::size_t without_migration = 0, failure_without = 0;
  for (const SwapConfig& c : all_configs()) {
    const bool is_one = std::find(configs.begin(), configs.end(), c) != configs.end();
    const bool no_device = c.device_private && !c.migration;
    // Since 7.3 MEMORY_FAILURE selects MIGRATION.
    const bool no_failure =
        c.kernel == SwapKernel::v7_3 && c.memory_failure && !c.migration && !c.device_private;
    without_migration += no_device ? 1 : 0;
    failure_without += no_failure ? 1 : 0;
    CHECK(is_one == !(no_device || no_failure));
  }
  CHECK(configs.size() == all_configs().size() - without_migration - failure_without);
  CHECK(without_migration == all_configs().size() / 4);
}

TEST_CASE("what is asked for decides the swap types") {
  const auto most_of = [](const std::string& kernel, const std::vector<std::string>& texts) {
    const KconfigFile file = load_kconfig(kernel);
    std::set<unsigned> counts;
    for (const SwapConfig& c : swap_configs_of(file, KconfigRules(file), asked_of(file, texts)))
      counts.insert(MAX_SWAPFILES(c));
    return counts;
  };
  using Counts = std::set<unsigned>;
  CHECK(most_of("6.12", {"DEVICE_PRIVATE=y", "MEMORY_FAILURE=y"}) == Counts{23});
  CHECK(most_of("7.3", {"MEMORY_FAILURE=y", "DEVICE_PRIVATE=n"}) == Counts{27});
  CHECK(most_of("4.14", {"DEVICE_PUBLIC=y", "DEVICE_PRIVATE=n", "MEMORY_FAILURE=n"}) == Counts{30});
  CHECK(most_of("6.12", {}) == Counts{23, 24, 27, 28, 30, 31});
}

}  // namespace
}  // namespace hmm
