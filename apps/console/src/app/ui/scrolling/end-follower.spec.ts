import { EndFollower } from './end-follower';

describe('EndFollower', () => {
  const at = (scrollTop: number, scrollHeight = 1_000): object => ({
    scrollTop,
    scrollHeight,
    clientHeight: 200,
  });
  let follower: EndFollower;

  const moved = (scrollTop: number, scrollHeight?: number): boolean => {
    follower.moved(at(scrollTop, scrollHeight) as HTMLElement);
    return follower.isFollowing;
  };

  beforeEach(() => (follower = new EndFollower()));

  it('follows from the beginning, and while the text grows', () => {
    expect(follower.isFollowing).toBe(true);
    expect(moved(800)).toBe(true);
    expect(moved(800, 1_500)).toBe(true);
    expect(moved(1_300, 1_500)).toBe(true);
  });

  it('leaves the user alone from the first pixel up', () => {
    moved(800);
    expect(moved(797)).toBe(false);
    expect(moved(400)).toBe(false);
    expect(moved(410, 2_000)).toBe(false);
  });

  it('follows again when the user is back at the end', () => {
    moved(800);
    moved(300);
    expect(moved(785)).toBe(true);
  });

  it('is not taken off by a text that has become shorter', () => {
    moved(800);
    expect(moved(500, 700)).toBe(true);
  });

  it('begins again with another text', () => {
    moved(800);
    moved(100);
    follower.restart();
    expect(follower.isFollowing).toBe(true);
  });
});
