import Sequencer from '@jest/test-sequencer';

/** The longest, most of which wait: begun last, they would keep everybody waiting when all else is done. */
const first = ['e2e/tour', 'e2e/story', 'e2e/quota', 'e2e/exempt', 'chaos/every-step', 'e2e/put-back'];

export default class LongestFirst extends Sequencer {
  async sort(tests) {
    const place = ({ path }) => first.findIndex((name) => path.includes(name));
    const [long, others] = [tests.filter((test) => place(test) >= 0), tests.filter((test) => place(test) < 0)];
    return [...long.sort((a, b) => place(a) - place(b)), ...(await super.sort(others))];
  }
}
