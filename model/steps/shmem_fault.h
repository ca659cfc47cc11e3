#pragma once
#include "model/file.h"
#include "model/notifier.h"
#include "model/retrier.h"
#include "model/verdict.h"

namespace hmm {

// A fault on an empty pte of a shared mapping: the page cache's page, or a new one, is mapped.
//
// Kernel: mm/memory.c do_read_fault(), do_shared_fault(), finish_fault(), mm/shmem.c shmem_fault();
// mm/filemap.c filemap_map_pages() for the pages around. One step: the page is locked from the
// lookup until the pte is set, and the pte is tested and set under the pte lock.
template <class D>
struct ShmemFault {
  using Num = typename D::Num;
  using Bool = typename D::Bool;
  static constexpr const char* name = "shmem_fault";
  static constexpr Retrier retrier = Retrier::cpu;
  static constexpr std::array verdicts{
      Verdict::ok,          Verdict::not_alive,     Verdict::mmap_lock_wait,
      Verdict::no_vma,      Verdict::no_permission, Verdict::pte_not_none,
      Verdict::page_locked, Verdict::no_free_page};

  Num file{};  // vma->vm_file
  Num mm{};
  Num vpn{};
  Bool write{};  // FAULT_FLAG_WRITE
  Num pfn{};     // the page the allocator gives, if one is needed

  static constexpr auto fields() {
    return Fields{field("file", &ShmemFault::file, sort::file),
                  field("mm", &ShmemFault::mm, sort::mm), field("vpn", &ShmemFault::vpn, sort::vpn),
                  field("write", &ShmemFault::write),
                  field("pfn", &ShmemFault::pfn, sort::system_pfn)};
  }

  Num check(const Profile& k, const State<D>& s) const {
    const auto vma = s.vma.at(mm, vpn);
    const Num cached = cached_page<D>(s, vma).pfn;
    return Guards<D>(k, name)
        .end_if("no_vma", vma.file != file + Num(1), Verdict::no_vma)
        .end_if("not_alive", !s.mm.at(mm).alive, Verdict::not_alive)
        .end_if("mmap_lock", fault_waits<D>(k, s, mm, vpn), Verdict::mmap_lock_wait)
        .end_if("no_permission", !ite(write, vma.write, vma.read), Verdict::no_permission)
        .end_if("pte_not_none", !is<D>(s.pte.at(mm, vpn).kind, PteKind::none),
                Verdict::pte_not_none)
        .end_if("page_locked", s.page.at(cached).locked, Verdict::page_locked)
        .end_if("no_free_page", cached == Num(0) && !is_free<D>(s, pfn), Verdict::no_free_page)
        .verdict();
  }

  void apply(const Profile& k, State<D>& s, const Num& verdict) const {
    const Effects<D> does(k, name);
    const auto vma = s.vma.at(mm, vpn);
    when(cached_page<D>(s, vma).pfn == Num(0), s, [&](State<D>& t) {
      if (does("alloc_page")) alloc_page<D>(t, pfn, Num(0));
      if (does("add_lru")) add_lru<D>(t, pfn);
      if (does("add_cached")) t.cached.update([&](Cached<D>& c) { c.pfn = pfn; }, file, vma.pgoff);
    });
    const Num page = cached_page<D>(s, vma).pfn;
    Pte<D> pte =
        present_pte<D>(page, true, write || (Bool(does("page_prot")) && maps_writable<D>(vma)));
    if (does("dirty")) {
      pte.dirty = dirty_bit<D>(write);
      pte.soft_dirty = soft_dirty_bit<D>(pte.dirty);
    }
    if (does("set_pte")) s.pte.set(pte, mm, vpn);
    if (does("get_page")) get_page<D>(s, page);
    if (does("add_rmap")) add_rmap<D>(s, page);
  }
};

}  // namespace hmm
