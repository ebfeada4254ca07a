namespace ActorTorrent.Engine.Discovery.Dht;

/// <summary>What a node has seen so far, in datagrams.</summary>
internal sealed class DhtCounters
{
    /// <summary>Received, whatever it was.</summary>
    public long Received { get; set; }

    /// <summary>Sent.</summary>
    public long Sent { get; set; }

    /// <summary>Queries answered, errors included.</summary>
    public long Answered { get; set; }

    /// <summary>No messages.</summary>
    public long Malformed { get; set; }

    /// <summary>Answers to nothing that we asked: unknown transaction id, or from somewhere else.</summary>
    public long Unsolicited { get; set; }

    /// <summary>Dropped because its address, or all together, asked too much.</summary>
    public long Ignored { get; set; }

    /// <summary>Announces with a token that we did not give.</summary>
    public long BadTokens { get; set; }

    /// <summary>Queries of ours that were not answered in time.</summary>
    public long TimedOut { get; set; }
}
