using System.CommandLine;
using ActorTorrent.Engine.Limits;

namespace ActorTorrent.Cli;

/// <summary>The options that <c>download</c> and <c>seed</c> share: peers, limits, settings and the form of the report.</summary>
internal sealed class TransferOptions
{
    private readonly Option<int?> _port = NumberOption.Create("--port", 0, ushort.MaxValue, "The port for incoming peers; 0 takes any free one.");
    private readonly Option<string[]> _bind = BindOption.Create();
    private readonly Option<string?> _proxy = ProxyOption.Create();
    private readonly Option<string[]> _peers = new("--peer") { Description = "A peer to dial, besides those of the trackers; may be repeated.", HelpName = "HOST:PORT" };
    private readonly Option<int?> _maxPeers = NumberOption.Create("--max-peers", 1, int.MaxValue, "Connections at most.");
    private readonly Option<ByteRate?> _uploadLimit = RateOption.Create("--upload-limit", "Bytes a second to peers at most, such as 500kB/s.");
    private readonly Option<bool> _noLsd = new("--no-lsd") { Description = "Do not look for peers in the local network." };
    private readonly Option<bool> _noDht = DhtOption.Without();
    private readonly Option<string[]> _dhtNodes = DhtOption.Nodes();
    private readonly Option<string[]> _ipFilters = new("--ip-filter")
    {
        Description = "A list of addresses to keep away from (P2P, DAT or CIDR, plain or gzip), read anew when it changes; may be repeated.",
        HelpName = "FILE",
    };
    private readonly Option<bool> _json = new("--json") { Description = "One line of JSON an event." };
    private readonly Option<string[]> _profile = SettingsOptions.Profile();
    private readonly Option<string?> _state = SettingsOptions.State("resume data");

    /// <summary>Adds all of them to a verb.</summary>
    public void AddTo(Command verb)
    {
        foreach (var option in (ReadOnlySpan<Option>)[_port, _bind, _proxy, _peers, _maxPeers, _uploadLimit, _noLsd, _noDht, _dhtNodes, _ipFilters, _json, _profile, _state])
            verb.Options.Add(option);
    }

    /// <summary>What the user said with them.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="torrent">The torrent's name, as given.</param>
    /// <param name="folder">The folder that its file or folder lies in.</param>
    public DownloadArguments Read(ParseResult parsed, string torrent, string folder) => new()
    {
        Torrent = torrent,
        Output = folder,
        Port = parsed.GetValue(_port),
        Bind = BindOption.Parse(parsed.GetValue(_bind) ?? []),
        Proxy = ProxyOption.Parse(parsed.GetValue(_proxy)),
        Peers = parsed.GetValue(_peers) ?? [],
        MaxPeers = parsed.GetValue(_maxPeers),
        UploadLimit = parsed.GetValue(_uploadLimit),
        UsesLsd = !parsed.GetValue(_noLsd),
        HasDht = !parsed.GetValue(_noDht),
        DhtNodes = parsed.GetValue(_dhtNodes) ?? [],
        IpFilters = parsed.GetValue(_ipFilters) ?? [],
        IsJson = parsed.GetValue(_json),
        Profiles = parsed.GetValue(_profile) ?? [],
        State = StateFolder.Find(parsed.GetValue(_state), Environment.GetEnvironmentVariable),
    };
}
