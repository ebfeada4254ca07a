namespace ActorTorrent.Engine.Discovery.Dht;

/// <summary>What became of a node in a lookup.</summary>
internal enum LookupState
{
    /// <summary>It has not been asked yet.</summary>
    Fresh,

    /// <summary>It has been asked.</summary>
    Asked,

    /// <summary>It has been asked and takes long: another one is asked in the meantime.</summary>
    Stalled,

    /// <summary>It has answered.</summary>
    Answered,

    /// <summary>It has not answered, or with an error, or as somebody else.</summary>
    Failed,
}
