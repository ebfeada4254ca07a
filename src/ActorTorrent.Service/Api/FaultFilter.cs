using Microsoft.AspNetCore.Http;

namespace ActorTorrent.Service.Api;

/// <summary>Which faults are wanted: each part that is given must fit.</summary>
internal sealed record FaultFilter
{
    private static readonly string[] Names = ["torrent", "phase", "cause", "action", "source", "address", "client"];

    private string[] Wanted { get; init; } = new string[Names.Length];

    /// <summary>Reads the filter of a query: <c>torrent</c> (info hash), <c>phase</c>, <c>cause</c>, <c>action</c>, <c>source</c>; <c>address</c> and <c>client</c> as parts.</summary>
    public static FaultFilter Of(IQueryCollection query) => new() { Wanted = [.. Names.Select(name => query[name].ToString())] };

    /// <summary>Whether a fault is wanted.</summary>
    public bool Passes(FaultResource fault) =>
        Is(0, fault.Torrent) && Is(1, fault.Phase) && Is(2, fault.Cause) && Is(3, fault.Action) && Is(4, fault.Source)
        && Holds(5, fault.Address) && Holds(6, fault.Client ?? "");

    private bool Is(int part, string value) => Wanted[part].Length == 0 || Wanted[part].Equals(value, StringComparison.OrdinalIgnoreCase);

    private bool Holds(int part, string value) => Wanted[part].Length == 0 || value.Contains(Wanted[part], StringComparison.OrdinalIgnoreCase);
}
