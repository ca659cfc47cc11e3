#pragma once
#include "model/file.h"
#include "model/notifier.h"
#include "model/verdict.h"

namespace hmm {

// mmap(MAP_SHARED | MAP_ANONYMOUS): the pages map a new shmem object.
//
// Kernel: mm/mmap.c mmap_region(), mm/shmem.c shmem_zero_setup(), under the mmap lock held for
// writing.
template <class D>
struct ShmemZeroSetup {
  using Num = typename D::Num;
  using Bool = typename D::Bool;
  static constexpr const char* name = "shmem_zero_setup";
  static constexpr std::array verdicts{
      Verdict::ok,         Verdict::bad_range,     Verdict::not_alive, Verdict::mmap_lock_wait,
      Verdict::vma_exists, Verdict::no_permission, Verdict::slot_busy};

  Num file{};
  Num mm{};
  Num first{};
  Num last{};
  Bool read{};   // PROT_READ
  Bool write{};  // PROT_WRITE; implies read

  static constexpr auto fields() {
    return Fields{field("file", &ShmemZeroSetup::file, sort::file),
                  field("mm", &ShmemZeroSetup::mm, sort::mm),
                  field("first", &ShmemZeroSetup::first, sort::vpn),
                  field("last", &ShmemZeroSetup::last, sort::vpn),
                  field("read", &ShmemZeroSetup::read),
                  field("write", &ShmemZeroSetup::write)};
  }

  Num check(const Profile& k, const State<D>& s) const {
    Bool mapped = false, used = false;
    for (unsigned v = 0; v < D::scope.vpns; ++v)
      mapped = mapped || (is_in_range<D>(Num(v), first, last) && s.vma.at(mm, Num(v)).mapped);
    for (const auto& vma : s.vma.slot) used = used || vma.file == file + Num(1);
    return Guards<D>(k, name)
        .end_if("bad_range", last < first, Verdict::bad_range)
        .end_if("not_alive", !s.mm.at(mm).alive, Verdict::not_alive)
        .end_if("mmap_lock", mmap_locked<D>(k, s, mm), Verdict::mmap_lock_wait)
        .end_if("vma_exists", mapped, Verdict::vma_exists)
        .end_if("no_permission", write && !read, Verdict::no_permission)
        .end_if("slot_busy", used, Verdict::slot_busy)
        .verdict();
  }

  void apply(const Profile& k, State<D>& s, const Num& verdict) const {
    const Effects<D> does(k, name);
    Vma<D> vma{};
    if (does("map")) vma.mapped = true;
    if (does("read")) vma.read = read;
    if (does("write")) vma.write = write;
    if (does("soft_dirty")) vma.soft_dirty = soft_dirty_bit<D>(true);
    if (does("file")) vma.file = file + Num(1);
    for (unsigned v = 0; v < D::scope.vpns; ++v)
      when(is_in_range<D>(Num(v), first, last), s, [&](State<D>& t) {
        if (does("pgoff")) vma.pgoff = Num(v) - first;
        t.vma.set(vma, mm, Num(v));
      });
  }
};

}  // namespace hmm
