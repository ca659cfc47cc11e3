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
  enum class Claim {
    unmapped_vma_is_blank,
    private_vma_has_no_offset,
    vma_of_a_scope_without_dirty_bits_has_none,
    pte_of_a_scope_without_dirty_bits_has_none,
    cached_file_is_mapped,
    cached_page_is_system_memory,
    hole_is_blank,
    page_is_cached_once,
    cached_page_that_a_device_may_write_is_dirty
  };

  template <class D, class Visit>
  static void claims(const Profile& k, const State<D>& s, const Visit& claim) {
    for_each_row(s.vma, [&](const auto& vma, unsigned mm, unsigned vpn) {
      const auto here = row("vma", mm, vpn);
      claim(Claim::unmapped_vma_is_blank, !vma.mapped, is_blank(vma), here);
      claim(Claim::private_vma_has_no_offset, !is_shared<D>(vma), vma.pgoff == typename D::Num(0),
            here);
      if constexpr (D::scope.soft_dirty_bits == 0)
        claim(Claim::vma_of_a_scope_without_dirty_bits_has_none, true, !vma.soft_dirty, here);
    });
    for_each_row(s.pte, [&](const auto& pte, unsigned mm, unsigned vpn) {
      if constexpr (D::scope.dirty_bits == 0)
        claim(Claim::pte_of_a_scope_without_dirty_bits_has_none, true, !pte.dirty,
              row("pte", mm, vpn));
      if constexpr (D::scope.soft_dirty_bits == 0)
        claim(Claim::pte_of_a_scope_without_dirty_bits_has_none, true, !pte.soft_dirty,
              row("pte", mm, vpn));
    });
    cache(s, claim);
    if constexpr (D::scope.reclaims != 0)
      if (is_sequenced(k) && k.driver_marks_dirty) written(s, claim);
  }

 private:
  template <class D, class Visit>
  static void written(const State<D>& s, const Visit& claim) {
    for_each_row(s.cached, [&](const auto& c, unsigned file, unsigned vpn) {
      for_each_row(s.mirror, [&](const auto& m, unsigned device, unsigned mm, unsigned v) {
        claim(Claim::cached_page_that_a_device_may_write_is_dirty,
              m.write && m.pfn == c.pfn && c.pfn != typename D::Num(0), c.dirty,
              row("cached", file, vpn), row("mirror", device, mm, v));
      });
    });
  }

  template <class D, class Visit>
  static void cache(const State<D>& s, const Visit& claim) {
    using Num = typename D::Num;
    using Bool = typename D::Bool;
    for_each_row(s.cached, [&](const auto& c, unsigned file, unsigned vpn) {
      const auto here = row("cached", file, vpn);
      const auto there = c.pfn != Num(0);
      Bool mapped = false;
      for (const auto& vma : s.vma.slot) mapped = mapped || vma.file == Num(file + 1);
      claim(Claim::cached_file_is_mapped, there, mapped, here);
      claim(Claim::cached_page_is_system_memory, there, !is_zone_device_page<D>(c.pfn), here);
      claim(Claim::hole_is_blank, !there, is_blank(c), here);
      for_each_row(s.cached, [&](const auto& other, unsigned f, unsigned v) {
        if (f != file || v != vpn)
          claim(Claim::page_is_cached_once, there, other.pfn != c.pfn, here, row("cached", f, v));
      });
    });
  }
};

}  // namespace hmm
