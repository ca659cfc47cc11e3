#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "model/domain/enumerators.h"

// Which kernel and which options a swap entry is encoded for, and the type codes that follow.
namespace hmm {

// In the order of their release. 4.14 appears twice because 4.14.63 took the L1TF change of the pte
// layout in mid-series.
enum class SwapKernel { v16, v4_14, v4_14_l1tf, v6_1, v6_12, v7_3 };

struct SwapKernelName {
  SwapKernel kernel;
  std::string_view name;
};
inline constexpr std::array<SwapKernelName, 6> kSwapKernels{{{SwapKernel::v16, "v16"},
                                                             {SwapKernel::v4_14, "4.14"},
                                                             {SwapKernel::v4_14_l1tf, "4.14-l1tf"},
                                                             {SwapKernel::v6_1, "6.1"},
                                                             {SwapKernel::v6_12, "6.12"},
                                                             {SwapKernel::v7_3, "7.3"}}};
static_assert(is_one_for_each<SwapKernel>(kSwapKernels, &SwapKernelName::kernel));

constexpr std::string_view swap_kernel_name(SwapKernel kernel) {
  for (const auto& k : kSwapKernels) {
    if (k.kernel == kernel) return k.name;
  }
  return {};
}
constexpr std::optional<SwapKernel> swap_kernel_named(std::string_view name) {
  for (const auto& k : kSwapKernels) {
    if (k.name == name) return k.kernel;
  }
  return std::nullopt;
}

struct SwapConfig {
  SwapKernel kernel = SwapKernel::v6_12;
  bool memory_failure = true;  // CONFIG_MEMORY_FAILURE
  bool migration = true;       // CONFIG_MIGRATION
  bool device_private = true;  // CONFIG_DEVICE_PRIVATE; CONFIG_DEVICE_UNADDRESSABLE in v16
  bool pte_marker = true;      // CONFIG_PTE_MARKER, an option in 6.1 only
  bool swap = true;            // CONFIG_SWAP
  unsigned physmem_bits = 46;  // MAX_PHYSMEM_BITS: 46, or 52 with five page table levels
  // boot_cpu_data.x86_cache_bits of a CPU that has X86_BUG_L1TF and is mitigated, 0 for any other.
  unsigned l1tf_cache_bits = 0;

  friend constexpr bool operator==(const SwapConfig&, const SwapConfig&) = default;
};

// What a kernel brought, those after it have, until one is known to differ.
constexpr bool is_at_least(const SwapConfig& c, SwapKernel kernel) { return c.kernel >= kernel; }
constexpr bool is_v6(const SwapConfig& c) { return is_at_least(c, SwapKernel::v6_1); }
constexpr bool inverts_offset(const SwapConfig& c) {
  return is_at_least(c, SwapKernel::v4_14_l1tf);
}

// The default of a kernel: every option it has is on.
constexpr SwapConfig default_config(SwapKernel kernel) {
  SwapConfig c{.kernel = kernel};
  c.pte_marker = is_v6(c);
  return c;
}

// Every combination of options that makes a difference to some kernel. An option that a kernel does
// not have keeps its default, so no two of these are the same kernel.
inline std::vector<SwapConfig> all_configs() {
  std::vector<SwapConfig> all;
  for (const auto& [kernel, name] : kSwapKernels) {
    const SwapConfig base = default_config(kernel);
    for (unsigned bits = 0; bits < 32; ++bits) {
      SwapConfig c = base;
      c.memory_failure = (bits & 1) == 0;
      c.migration = (bits & 2) == 0;
      c.device_private = (bits & 4) == 0;
      c.swap = (bits & 8) == 0;
      if ((bits & 16) != 0) {
        if (kernel != SwapKernel::v6_1) continue;
        c.pte_marker = false;
      }
      for (const unsigned physmem_bits : {46u, 52u}) {
        // 5-level page tables came with 4.14, arch/x86/Kconfig X86_5LEVEL.
        if (physmem_bits == 52 && kernel == SwapKernel::v16) continue;
        c.physmem_bits = physmem_bits;
        // 44 is the least arch/x86/kernel/cpu/bugs.c override_cache_bits() leaves on the client
        // CPUs it lists; with 46 the A/D bits of migration entries just fit.
        for (const unsigned cache_bits : {0u, 44u, 46u}) {
          if (cache_bits != 0 && !inverts_offset(c)) continue;
          c.l1tf_cache_bits = cache_bits;
          all.push_back(c);
        }
      }
    }
  }
  return all;
}

// What follows has the kernel's names and shapes: include/linux/swap.h. Codes are stacked upwards
// from MAX_SWAPFILES group by group, and an absent type has no code at all.
using SwapType = std::optional<unsigned>;

inline constexpr unsigned MAX_SWAPFILES_SHIFT = 5;

constexpr unsigned SWP_HWPOISON_NUM(const SwapConfig& c) { return c.memory_failure ? 1 : 0; }
constexpr unsigned SWP_MIGRATION_NUM(const SwapConfig& c) {
  // 6.1 has SWP_MIGRATION_READ_EXCLUSIVE too.
  return !c.migration ? 0 : is_v6(c) ? 3 : 2;
}
constexpr unsigned SWP_DEVICE_NUM(const SwapConfig& c) {
  // 6.1 has SWP_DEVICE_EXCLUSIVE_WRITE and _READ too, of which 7.3 made one.
  if (!c.device_private) return 0;
  return is_at_least(c, SwapKernel::v7_3) ? 3 : is_at_least(c, SwapKernel::v6_1) ? 4 : 2;
}
constexpr unsigned SWP_PTE_MARKER_NUM(const SwapConfig& c) {
  const bool always = is_at_least(c, SwapKernel::v6_12);
  return always || (c.kernel == SwapKernel::v6_1 && c.pte_marker) ? 1 : 0;
}
constexpr unsigned SWP_SWAPIN_ERROR_NUM(const SwapConfig& c) {
  // 6.12 says this with PTE_MARKER_POISONED instead.
  return c.kernel == SwapKernel::v6_1 ? 1 : 0;
}
constexpr unsigned MAX_SWAPFILES(const SwapConfig& c) {
  return (1u << MAX_SWAPFILES_SHIFT) - SWP_DEVICE_NUM(c) - SWP_MIGRATION_NUM(c) -
         SWP_HWPOISON_NUM(c) - SWP_PTE_MARKER_NUM(c) - SWP_SWAPIN_ERROR_NUM(c);
}

// The index-th code of a group of `size` codes that starts at `first`.
constexpr SwapType nth_type(unsigned first, unsigned size, unsigned index) {
  return index < size ? SwapType{first + index} : std::nullopt;
}
constexpr SwapType SWP_HWPOISON(const SwapConfig& c) {
  return nth_type(MAX_SWAPFILES(c), SWP_HWPOISON_NUM(c), 0);
}
constexpr SwapType migration_type(const SwapConfig& c, unsigned index) {
  return nth_type(MAX_SWAPFILES(c) + SWP_HWPOISON_NUM(c), SWP_MIGRATION_NUM(c), index);
}
constexpr SwapType SWP_MIGRATION_READ(const SwapConfig& c) { return migration_type(c, 0); }
constexpr SwapType SWP_MIGRATION_READ_EXCLUSIVE(const SwapConfig& c) {
  return is_v6(c) ? migration_type(c, 1) : std::nullopt;
}
constexpr SwapType SWP_MIGRATION_WRITE(const SwapConfig& c) {
  return migration_type(c, is_v6(c) ? 2 : 1);
}
// Write comes before read here, unlike in the migration group.
constexpr SwapType device_type(const SwapConfig& c, unsigned index) {
  return nth_type(MAX_SWAPFILES(c) + SWP_HWPOISON_NUM(c) + SWP_MIGRATION_NUM(c), SWP_DEVICE_NUM(c),
                  index);
}
constexpr SwapType SWP_DEVICE_WRITE(const SwapConfig& c) { return device_type(c, 0); }
constexpr SwapType SWP_DEVICE_READ(const SwapConfig& c) { return device_type(c, 1); }
constexpr bool has_one_device_exclusive_type(const SwapConfig& c) {
  return is_at_least(c, SwapKernel::v7_3);
}
constexpr SwapType SWP_DEVICE_EXCLUSIVE_WRITE(const SwapConfig& c) {
  return has_one_device_exclusive_type(c) ? std::nullopt : device_type(c, 2);
}
// SWP_DEVICE_EXCLUSIVE where there is but one.
constexpr SwapType SWP_DEVICE_EXCLUSIVE_READ(const SwapConfig& c) {
  return device_type(c, has_one_device_exclusive_type(c) ? 2 : 3);
}
constexpr SwapType SWP_PTE_MARKER(const SwapConfig& c) {
  return nth_type(MAX_SWAPFILES(c) + SWP_HWPOISON_NUM(c) + SWP_MIGRATION_NUM(c) + SWP_DEVICE_NUM(c),
                  SWP_PTE_MARKER_NUM(c), 0);
}
constexpr SwapType SWP_SWAPIN_ERROR(const SwapConfig& c) {
  return nth_type(MAX_SWAPFILES(c) + SWP_HWPOISON_NUM(c) + SWP_MIGRATION_NUM(c) +
                      SWP_DEVICE_NUM(c) + SWP_PTE_MARKER_NUM(c),
                  SWP_SWAPIN_ERROR_NUM(c), 0);
}

struct NamedSwapType {
  std::string_view name;
  SwapType type;
};
// Every special type some kernel has, in stacking order.
constexpr std::array<NamedSwapType, 10> special_types(const SwapConfig& c) {
  // v16 calls its readable device type SWP_DEVICE.
  const std::string_view device_read =
      c.kernel == SwapKernel::v16 ? "SWP_DEVICE" : "SWP_DEVICE_READ";
  const std::string_view device_exclusive =
      has_one_device_exclusive_type(c) ? "SWP_DEVICE_EXCLUSIVE" : "SWP_DEVICE_EXCLUSIVE_READ";
  return {{{"SWP_HWPOISON", SWP_HWPOISON(c)},
           {"SWP_MIGRATION_READ", SWP_MIGRATION_READ(c)},
           {"SWP_MIGRATION_READ_EXCLUSIVE", SWP_MIGRATION_READ_EXCLUSIVE(c)},
           {"SWP_MIGRATION_WRITE", SWP_MIGRATION_WRITE(c)},
           {"SWP_DEVICE_WRITE", SWP_DEVICE_WRITE(c)},
           {device_read, SWP_DEVICE_READ(c)},
           {"SWP_DEVICE_EXCLUSIVE_WRITE", SWP_DEVICE_EXCLUSIVE_WRITE(c)},
           {device_exclusive, SWP_DEVICE_EXCLUSIVE_READ(c)},
           {"SWP_PTE_MARKER", SWP_PTE_MARKER(c)},
           {"SWP_SWAPIN_ERROR", SWP_SWAPIN_ERROR(c)}}};
}

}  // namespace hmm
