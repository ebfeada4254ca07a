namespace ActorTorrent.Engine.Faults;

/// <summary>
/// Why a peer failed: a closed list. The names that users see (JSON, README, journal) are those of
/// <see cref="FaultNames"/>.
/// </summary>
public enum FaultCause
{
    /// <summary>Nobody listens at the address.</summary>
    Refused,

    /// <summary>There is no route to the address.</summary>
    Unreachable,

    /// <summary>The connection was not made before the deadline.</summary>
    ConnectTimeout,

    /// <summary>The peer's handshake was not whole before the absolute deadline.</summary>
    HandshakeTimeout,

    /// <summary>The peer ended the connection.</summary>
    Closed,

    /// <summary>The connection was reset.</summary>
    Reset,

    /// <summary>The first 20 bytes are not those of the BitTorrent protocol.</summary>
    WrongProtocol,

    /// <summary>The handshake names another torrent.</summary>
    WrongInfoHash,

    /// <summary>The peer is ourselves.</summary>
    Self,

    /// <summary>We are connected to that peer already.</summary>
    Duplicate,

    /// <summary>The torrent or the engine has as many connections as it may have.</summary>
    ConnectionLimit,

    /// <summary>The torrent that it names is paused, waits for its turn, or is being checked.</summary>
    NotActive,

    /// <summary>Its address is banned.</summary>
    Banned,

    /// <summary>The IP filter names its address.</summary>
    Filtered,

    /// <summary>A message's length passes what its kind or the limit allows.</summary>
    OversizedMessage,

    /// <summary>A message's length or fields contradict its kind.</summary>
    MalformedMessage,

    /// <summary>A bitfield has the wrong length, spare bits set, or came twice or late.</summary>
    BadBitfield,

    /// <summary>A piece index, offset or length lies outside the torrent.</summary>
    IndexOutOfRange,

    /// <summary>A message that was not negotiated (BEP 6, BEP 10) or not due.</summary>
    UnexpectedMessage,

    /// <summary>More messages without use than any honest peer sends.</summary>
    Flood,

    /// <summary>Silence for longer than the inactivity limit.</summary>
    Idle,

    /// <summary>The peer does not take what we send.</summary>
    SendTimeout,

    /// <summary>The peer owes us blocks and sends none.</summary>
    Snubbed,

    /// <summary>The peer is proven to have sent corrupt data.</summary>
    HashFailure,

    /// <summary>The peer claims a size of the metadata that cannot be, or that is not true.</summary>
    MetadataSize,

    /// <summary>The peer owes us metadata and sends none.</summary>
    MetadataTimeout,

    /// <summary>The peer is proven to have sent metadata that does not match the info hash.</summary>
    MetadataMismatch,

    /// <summary>An exception of our own that nobody foresaw: a bug.</summary>
    InternalError,
}
