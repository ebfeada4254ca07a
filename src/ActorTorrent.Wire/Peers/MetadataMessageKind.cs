namespace ActorTorrent.Wire.Peers;

/// <summary>What a <see cref="MetadataMessage"/> is for: its <c>msg_type</c>.</summary>
public enum MetadataMessageKind
{
    /// <summary>Asks for a piece.</summary>
    Request = 0,

    /// <summary>Brings a piece.</summary>
    Data = 1,

    /// <summary>Says that a piece will not be brought.</summary>
    Reject = 2,

    /// <summary>Something of another version of the extension, to be ignored.</summary>
    Unknown = 3,
}
