/** Which slots hold a row. */
import { chunkOf, chunkRows, presenceOf } from "./layout";

function byteOf(slot: u32): usize {
  return presenceOf(chunkOf(slot / chunkRows)) + (slot % chunkRows) / 8;
}

function bitOf(slot: u32): u8 {
  return (<u8>1) << (<u8>(slot & 7));
}

export function has(slot: u32): bool {
  return (load<u8>(byteOf(slot)) & bitOf(slot)) !== 0;
}

export function add(slot: u32): void {
  store<u8>(byteOf(slot), load<u8>(byteOf(slot)) | bitOf(slot));
}

export function remove(slot: u32): void {
  store<u8>(byteOf(slot), load<u8>(byteOf(slot)) & ~bitOf(slot));
}
