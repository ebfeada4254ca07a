namespace ActorTorrent.Wire.Peers;

/// <summary>How a peer broke the wire protocol.</summary>
public enum PeerWireError
{
    /// <summary>A message claims to be longer than is accepted.</summary>
    OversizedMessage,

    /// <summary>A message's length or content is not what its kind asks for.</summary>
    MalformedMessage,

    /// <summary>A bitfield is too short or too long for the torrent, or spare bits are set.</summary>
    BadBitfield,

    /// <summary>A piece that the torrent has not, or a negative offset or length.</summary>
    IndexOutOfRange,
}
