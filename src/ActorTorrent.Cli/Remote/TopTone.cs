namespace ActorTorrent.Cli.Remote;

/// <summary>How a line of <see cref="TopView"/> looks on a terminal.</summary>
internal enum TopTone
{
    /// <summary>As any other text.</summary>
    Plain,

    /// <summary>A head.</summary>
    Head,

    /// <summary>Something moves.</summary>
    Moving,

    /// <summary>Something is wrong.</summary>
    Wrong,
}
