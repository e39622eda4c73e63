/** A body of megabytes, put together from many short texts. */

/** Texts are encoded in pieces of about this many characters: encoding one long concatenation takes three times as long. */
const PIECE = 32_768;

export interface LongBody {
  add(text: string): void;
  bytes(): Buffer;
}

export function makeLongBody(): LongBody {
  const pieces: Buffer[] = [];
  let text = "";
  const encode = (): void => {
    pieces.push(Buffer.from(text));
    text = "";
  };
  return {
    add: (more) => {
      text += more;
      if (text.length >= PIECE) encode();
    },
    bytes: () => {
      encode();
      return Buffer.concat(pieces);
    },
  };
}
