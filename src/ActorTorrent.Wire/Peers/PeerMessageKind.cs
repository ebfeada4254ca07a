namespace ActorTorrent.Wire.Peers;

/// <summary>The kinds of message after the handshake. The value is the id byte on the wire, except for the last two.</summary>
public enum PeerMessageKind : byte
{
    /// <summary>The sender will serve no requests (BEP 3). No body.</summary>
    Choke = 0,

    /// <summary>The sender will serve requests (BEP 3). No body.</summary>
    Unchoke = 1,

    /// <summary>The sender wants something of ours (BEP 3). No body.</summary>
    Interested = 2,

    /// <summary>The sender wants nothing of ours (BEP 3). No body.</summary>
    NotInterested = 3,

    /// <summary>The sender has one more piece (BEP 3). Body: piece.</summary>
    Have = 4,

    /// <summary>All that the sender has, a bit a piece, high bit first (BEP 3). Body: the bits, spare ones zero.</summary>
    Bitfield = 5,

    /// <summary>Asks for a block (BEP 3). Body: piece, offset, length.</summary>
    Request = 6,

    /// <summary>Brings a block (BEP 3). Body: piece, offset, data.</summary>
    Piece = 7,

    /// <summary>Takes a request back (BEP 3). Body: piece, offset, length.</summary>
    Cancel = 8,

    /// <summary>The UDP port of the sender's DHT node (BEP 5). Body: port.</summary>
    Port = 9,

    /// <summary>A piece that the sender would like to send (BEP 6). Body: piece.</summary>
    Suggest = 0x0D,

    /// <summary>The sender has everything; stands for a full bitfield (BEP 6). No body.</summary>
    HaveAll = 0x0E,

    /// <summary>The sender has nothing; stands for an empty bitfield (BEP 6). No body.</summary>
    HaveNone = 0x0F,

    /// <summary>A request will not be served (BEP 6). Body: piece, offset, length.</summary>
    Reject = 0x10,

    /// <summary>A piece that may be asked for while choked (BEP 6). Body: piece.</summary>
    AllowedFast = 0x11,

    /// <summary>An extension's message (BEP 10). Body: the extension's own id, then its payload.</summary>
    Extended = 20,

    /// <summary>A length of zero and nothing else (BEP 3). Has no id byte.</summary>
    KeepAlive = 0xFE,

    /// <summary>An id that is none of the above. Body: anything.</summary>
    Unknown = 0xFF,
}
