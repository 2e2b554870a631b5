/** A binary heap from which any member can leave, wherever it stands. */
export interface Heap<T> {
  /** The member that comes before all others. */
  readonly first: T | undefined;
  /** Adds a member that is not in the heap; O(log n). */
  add(member: T): void;
  /** Puts a member in its place after its rank has changed; O(log n). */
  update(member: T): void;
  /** Takes a member out; O(log n). */
  remove(member: T): void;
}

/** Where each member stands. */
export interface HeapPlaces<T> {
  get(member: T): number | undefined;
  set(member: T, place: number): void;
  delete(member: T): void;
}

/**
 * @param comesBefore a strict order of the members; it may change for one member at a time, followed by `update`
 * @param places a Map, unless members that come and go by the million keep their place themselves: the tables that a Map
 * outgrows refer to their successors, so that one that has grown old would keep all later members until the next full
 * collection
 */
export function createHeap<T>(
  comesBefore: (a: T, b: T) => boolean,
  places: HeapPlaces<T> = new Map<T, number>(),
): Heap<T> {
  const members: T[] = [];

  const put = (member: T, place: number): void => {
    members[place] = member;
    places.set(member, place);
  };

  /** Moves a member towards the root, past those it comes before. @returns its place */
  const rise = (member: T, from: number): number => {
    let place = from;
    while (place > 0) {
      const above = (place - 1) >> 1;
      const parent = members[above];
      if (parent === undefined || !comesBefore(member, parent)) break;
      put(parent, place);
      place = above;
    }
    put(member, place);
    return place;
  };

  /** Moves a member away from the root, past those that come before it. */
  const sink = (member: T, from: number): void => {
    let place = from;
    for (;;) {
      let below = 2 * place + 1;
      let child = members[below];
      if (child === undefined) break;
      const right = members[below + 1];
      if (right !== undefined && comesBefore(right, child)) {
        below += 1;
        child = right;
      }
      if (!comesBefore(child, member)) break;
      put(child, place);
      place = below;
    }
    put(member, place);
  };

  const settle = (member: T, place: number): void => sink(member, rise(member, place));

  return {
    get first() {
      return members[0];
    },
    add(member) {
      rise(member, members.length);
    },
    update(member) {
      const place = places.get(member);
      if (place !== undefined) settle(member, place);
    },
    remove(member) {
      const place = places.get(member);
      if (place === undefined) return;
      places.delete(member);
      const last = members.pop();
      if (last !== undefined && last !== member) settle(last, place);
    },
  };
}
