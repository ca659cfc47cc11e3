#pragma once
#include "properties/property.h"

namespace hmm {

// Kernel: mm/shmem.c shmem_get_folio_gfp(), shmem_evict_inode().
struct FilesAreWellFormed {
  static constexpr const char* name = "files_are_well_formed";
  static constexpr const char* says =
      "the page cache has each page once, of files that are mapped; a vma without file has no "
      "offset";
  static constexpr bool is_strengthening = true;

  template <class D>
  static typename D::Bool holds(const Profile& k, const State<D>& s) {
    using Num = typename D::Num;
    using Bool = typename D::Bool;
    Bool all = true;
    for (const auto& vma : s.vma.slot) {
      all = all && implies(!vma.mapped, !is_shared<D>(vma) && !vma.soft_dirty);
      all = all && implies(!is_shared<D>(vma), vma.pgoff == Num(0));
      if constexpr (D::scope.dirty_bits == 0) all = all && !vma.soft_dirty;
    }
    if constexpr (D::scope.dirty_bits == 0)
      for (const auto& pte : s.pte.slot) all = all && !pte.dirty && !pte.soft_dirty;
    for_each<D>(sort::file, [&](unsigned f) {
      Bool mapped = false;
      for (const auto& vma : s.vma.slot) mapped = mapped || vma.file == Num(f + 1);
      for_each<D>(sort::vpn, [&](unsigned v) {
        const auto c = s.cached.at(Num(f), Num(v));
        all = all && implies(c.pfn != Num(0), mapped && !is_zone_device_page<D>(c.pfn));
        all = all && implies(c.pfn == Num(0), c.value == Num(0));
        Num times(0);
        for (const auto& other : s.cached.slot) times = times + to_num(other.pfn == c.pfn);
        all = all && implies(c.pfn != Num(0), times == Num(1));
      });
    });
    return all;
  }
};

}  // namespace hmm
