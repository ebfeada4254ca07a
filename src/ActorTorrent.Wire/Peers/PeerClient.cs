using System.Collections.Frozen;
using System.Globalization;
using System.Text;
using ActorTorrent.Wire.Bencode;

namespace ActorTorrent.Wire.Peers;

/// <summary>Tells which program a peer id belongs to (BEP 20 and what programs do beside it). An id can lie; this is for people to read.</summary>
public static class PeerClient
{
    private static readonly FrozenDictionary<string, (string Name, Numbering Numbering)> Azureus =
        new Dictionary<string, (string, Numbering)>(StringComparer.Ordinal)
        {
            ["7T"] = ("aTorrent for Android", Numbering.Plain),
            ["AB"] = ("AnyEvent::BitTorrent", Numbering.Plain),
            ["AG"] = ("Ares", Numbering.Plain),
            ["A~"] = ("Ares", Numbering.Plain),
            ["AL"] = ("Alliance P2P", Numbering.Plain),
            ["AR"] = ("Arctic", Numbering.Plain),
            ["AT"] = ("ActorTorrent", Numbering.Plain),
            ["AV"] = ("Avicora", Numbering.Plain),
            ["AX"] = ("BitPump", Numbering.Pairs),
            ["AZ"] = ("Vuze", Numbering.Four),
            ["BB"] = ("BitBuddy", Numbering.Plain),
            ["BC"] = ("BitComet", Numbering.Pairs),
            ["BE"] = ("BitTorrent SDK", Numbering.Plain),
            ["BF"] = ("BitFlu", Numbering.Plain),
            ["BG"] = ("BTGetit", Numbering.Plain),
            ["BI"] = ("BiglyBT", Numbering.Four),
            ["BL"] = ("BitLord", Numbering.Plain),
            ["BM"] = ("BitMagnet", Numbering.Plain),
            ["BP"] = ("BitTorrent Pro", Numbering.Plain),
            ["BR"] = ("BitRocket", Numbering.Plain),
            ["BS"] = ("BTSlave", Numbering.Plain),
            ["BT"] = ("BitTorrent", Numbering.Plain),
            ["BW"] = ("BitWombat", Numbering.Plain),
            ["BX"] = ("BittorrentX", Numbering.Plain),
            ["CD"] = ("Enhanced CTorrent", Numbering.Pairs),
            ["CT"] = ("CTorrent", Numbering.Plain),
            ["DE"] = ("Deluge", Numbering.Three),
            ["DP"] = ("Propagate Data Client", Numbering.Plain),
            ["EB"] = ("EBit", Numbering.Plain),
            ["ES"] = ("Electric Sheep", Numbering.Plain),
            ["FC"] = ("FileCroc", Numbering.Plain),
            ["FD"] = ("Free Download Manager", Numbering.Three),
            ["FG"] = ("FlashGet", Numbering.Pairs),
            ["FT"] = ("FoxTorrent", Numbering.Plain),
            ["FX"] = ("Freebox BitTorrent", Numbering.Plain),
            ["G3"] = ("G3 Torrent", Numbering.None),
            ["GR"] = ("GetRight", Numbering.Plain),
            ["GS"] = ("GSTorrent", Numbering.Plain),
            ["GT"] = ("anacrolix/torrent", Numbering.Plain),
            ["HK"] = ("Hekate", Numbering.Plain),
            ["HL"] = ("Halite", Numbering.Plain),
            ["HM"] = ("hMule", Numbering.Plain),
            ["HN"] = ("Hydranode", Numbering.Plain),
            ["IL"] = ("iLivid", Numbering.Plain),
            ["JS"] = ("Justseed.it", Numbering.Plain),
            ["KG"] = ("KGet", Numbering.Plain),
            ["KT"] = ("KTorrent", Numbering.Plain),
            ["LC"] = ("LeechCraft", Numbering.Plain),
            ["LH"] = ("LH-ABC", Numbering.Plain),
            ["LP"] = ("Lphant", Numbering.Pairs),
            ["LT"] = ("libtorrent (Rasterbar)", Numbering.Plain),
            ["LW"] = ("LimeWire", Numbering.None),
            ["MG"] = ("MediaGet", Numbering.Plain),
            ["MK"] = ("Meerkat", Numbering.Plain),
            ["MO"] = ("MonoTorrent", Numbering.Plain),
            ["MP"] = ("MooPolice", Numbering.Plain),
            ["MR"] = ("Miro", Numbering.Plain),
            ["MT"] = ("MoonlightTorrent", Numbering.Plain),
            ["NB"] = ("Net::BitTorrent", Numbering.Plain),
            ["NE"] = ("BT Next Evolution", Numbering.Plain),
            ["NX"] = ("Net Transport", Numbering.Plain),
            ["OS"] = ("OneSwarm", Numbering.Four),
            ["OT"] = ("OmegaTorrent", Numbering.Plain),
            ["PC"] = ("CacheLogic", Numbering.Plain),
            ["PD"] = ("Pando", Numbering.Plain),
            ["PI"] = ("PicoTorrent", Numbering.Plain),
            ["PT"] = ("PHPTracker", Numbering.Plain),
            ["QD"] = ("QQDownload", Numbering.Plain),
            ["QT"] = ("Qt 4 Torrent example", Numbering.Plain),
            ["RN"] = ("rain", Numbering.None),
            ["RT"] = ("Retriever", Numbering.Plain),
            ["RZ"] = ("RezTorrent", Numbering.Plain),
            ["SB"] = ("Swiftbit", Numbering.Plain),
            ["SD"] = ("Thunder", Numbering.Plain),
            ["SM"] = ("SoMud", Numbering.Plain),
            ["SN"] = ("ShareNET", Numbering.Plain),
            ["SP"] = ("BitSpirit", Numbering.Plain),
            ["SS"] = ("SwarmScope", Numbering.Plain),
            ["ST"] = ("SymTorrent", Numbering.Plain),
            ["SZ"] = ("Shareaza", Numbering.Plain),
            ["TB"] = ("Torch", Numbering.Plain),
            ["TL"] = ("Tribler", Numbering.Plain),
            ["TN"] = ("TorrentDotNET", Numbering.Plain),
            ["TR"] = ("Transmission", Numbering.Transmission),
            ["TS"] = ("Torrentstorm", Numbering.Plain),
            ["TT"] = ("TuoTu", Numbering.Plain),
            ["UE"] = ("µTorrent Embedded", Numbering.Three),
            ["UL"] = ("uLeecher!", Numbering.Plain),
            ["UM"] = ("µTorrent for Mac", Numbering.Three),
            ["UT"] = ("µTorrent", Numbering.Three),
            ["UW"] = ("µTorrent Web", Numbering.Three),
            ["VG"] = ("Vagaa", Numbering.Plain),
            ["WD"] = ("WebTorrent Desktop", Numbering.Pairs),
            ["WT"] = ("BitLet", Numbering.Plain),
            ["WW"] = ("WebTorrent", Numbering.Pairs),
            ["WY"] = ("FireTorrent", Numbering.Plain),
            ["XC"] = ("XTorrent", Numbering.Plain),
            ["XF"] = ("Xfplay", Numbering.Plain),
            ["XL"] = ("Xunlei", Numbering.Plain),
            ["XS"] = ("XSwifter", Numbering.Plain),
            ["XT"] = ("XanTorrent", Numbering.Plain),
            ["XX"] = ("XTorrent", Numbering.Plain),
            ["ZT"] = ("ZipTorrent", Numbering.Plain),
            ["lt"] = ("libTorrent (Rakshasa)", Numbering.Plain),
            ["pb"] = ("pbTorrent", Numbering.Plain),
            ["qB"] = ("qBittorrent", Numbering.Plain),
            ["rQ"] = ("rqbit", Numbering.Plain),
            ["st"] = ("SharkTorrent", Numbering.Plain),
        }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly FrozenDictionary<char, string> Shadow = new Dictionary<char, string>
    {
        ['A'] = "ABC",
        ['O'] = "Osprey Permaseed",
        ['Q'] = "BTQueue",
        ['R'] = "Tribler",
        ['S'] = "Shadow's client",
        ['T'] = "BitTornado",
        ['U'] = "UPnP NAT BitTorrent",
    }.ToFrozenDictionary();

    /// <summary>Programs whose ids start with a word and say no version that can be told.</summary>
    private static readonly (string Start, string Name)[] Words =
    [
        ("-G3", "G3 Torrent"),
        ("-aria2-", "aria2"),
        ("346-", "TorrentTopia"),
        ("10-------", "JVtorrent"),
        ("AZ2500BT", "BitTyrant"),
        ("BLZ", "Blizzard Downloader"),
        ("Deadman Walking-", "Deadman"),
        ("LIME", "LimeWire"),
        ("PEERAPP", "PeerApp"),
        ("Pando-", "Pando"),
        ("QVOD", "QVOD"),
        ("a00---0", "Swarmy"),
        ("a02---0", "Swarmy"),
        ("T00---0", "Teeweety"),
        ("btfans", "SimpleBT"),
        ("eX", "eXeem"),
        ("martini", "Martini Man"),
    ];

    private enum Numbering
    {
        /// <summary>No version is told.</summary>
        None,

        /// <summary>Three numbers, and the fourth unless it is 0.</summary>
        Plain,

        /// <summary>Three numbers; the fourth sign marks the kind of release.</summary>
        Three,

        /// <summary>Four numbers.</summary>
        Four,

        /// <summary>Two numbers of two digits.</summary>
        Pairs,

        /// <summary>Transmission's own, which changed with its version 4.</summary>
        Transmission,
    }

    /// <summary>The program's name and version; <c>unknown client</c> with the id's printable start when the id tells nothing.</summary>
    public static string Describe(PeerId id)
    {
        Span<byte> bytes = stackalloc byte[PeerId.Length];
        id.CopyTo(bytes);
        var text = Encoding.Latin1.GetString(bytes);
        return OfWheels(text)
            ?? OfAzureus(text)
            ?? OfNumbersBetweenDashes(text)
            ?? OfOddOnes(text, bytes)
            ?? OfWords(text)
            ?? OfShadow(text)
            ?? $"unknown client ({PrintableBytes.Of(bytes[..8])})";
    }

    /// <summary><c>-XXabcd-</c>.</summary>
    private static string? OfAzureus(string id)
    {
        if (id[0] != '-')
            return null;
        if (id.StartsWith("-ML", StringComparison.Ordinal) && id.IndexOf('-', 3) is var end and > 3 && IsDotted(id.AsSpan(3, end - 3)))
            return $"MLDonkey {id[3..end]}";
        if (!Azureus.TryGetValue(id[1..3], out var client))
            return null;
        if (client.Numbering == Numbering.None)
            return client.Name;
        var version = id.AsSpan(3, 4);
        if (id[7] != '-' && client.Numbering != Numbering.Three)
            return null;
        foreach (var sign in version)
        {
            if (!char.IsAsciiLetterOrDigit(sign))
                return null;
        }
        return $"{client.Name} {Version(version, client.Numbering)}";
    }

    private static string Version(ReadOnlySpan<char> signs, Numbering numbering)
    {
        var (a, b, c, d) = (Digit(signs[0]), Digit(signs[1]), Digit(signs[2]), Digit(signs[3]));
        return numbering switch
        {
            Numbering.Three => Join($"{a}.{b}.{c}"),
            Numbering.Four => Join($"{a}.{b}.{c}.{d}"),
            Numbering.Pairs when signs.IndexOfAnyExceptInRange('0', '9') < 0 => Join($"{(a * 10) + b}.{c}{d}"),
            Numbering.Transmission => TransmissionVersion(signs),
            _ => d == 0 ? Join($"{a}.{b}.{c}") : Join($"{a}.{b}.{c}.{d}"),
        };
    }

    private static string TransmissionVersion(ReadOnlySpan<char> signs)
    {
        // Up to 0.9 the number stood at the end, up to 3.00 it was one number with two decimals, since 4.0.0 it is three numbers.
        if (signs[0] == '0' && signs[1] == '0')
            return signs[2] == '0' ? $"0.{signs[3]}" : $"0.{signs[2..]}";
        var mark = signs[3] switch
        {
            'X' or 'Z' => "+",
            'B' => " beta",
            _ => string.Empty,
        };
        return signs[0] is >= '0' and <= '3' ? $"{signs[0]}.{signs.Slice(1, 2)}{mark}" : Join($"{Digit(signs[0])}.{Digit(signs[1])}.{Digit(signs[2])}{mark}");
    }

    /// <summary><c>M7-2-0--</c> of the first client, <c>A2-1-36-0-</c> of aria2, <c>Mbrst1-1-3</c> of Burst.</summary>
    private static string? OfNumbersBetweenDashes(string id)
    {
        (string Start, string Name)[] clients = [("A2-", "aria2"), ("Mbrst", "Burst!"), ("M", "Mainline"), ("Q", "Queen Bee")];
        foreach (var (start, name) in clients)
        {
            if (!id.StartsWith(start, StringComparison.Ordinal))
                continue;
            var numbers = new List<string>(3);
            var at = start.Length;
            while (numbers.Count < 3 && at < id.Length && char.IsAsciiDigit(id[at]))
            {
                var from = at;
                while (at < id.Length && char.IsAsciiDigit(id[at]))
                    at++;
                numbers.Add(id[from..at]);
                if (at >= id.Length || id[at] != '-')
                    break;
                at++;
            }
            if (numbers.Count == 3)
                return $"{name} {string.Join('.', numbers)}";
        }
        return null;
    }

    /// <summary><c>-BOWxxx-</c>, which would pass for Azureus' style otherwise.</summary>
    private static string? OfWheels(string id) =>
        id.StartsWith("-BOW", StringComparison.Ordinal) ? $"Bits on Wheels {Printable(id[4..7])}" : null;

    private static string? OfOddOnes(string id, ReadOnlySpan<byte> bytes)
    {
        if (id.StartsWith("XBT", StringComparison.Ordinal) && AllDigits(id.AsSpan(3, 3)))
            return $"XBT {id[3]}.{id[4]}.{id[5]}{(id[6] == 'd' ? " (debug)" : string.Empty)}";
        if (id.StartsWith("OP", StringComparison.Ordinal) && AllDigits(id.AsSpan(2, 4)))
            return $"Opera (build {id[2..6]})";
        if (id.StartsWith("TIX", StringComparison.Ordinal) && AllDigits(id.AsSpan(3, 4)))
            return Join($"Tixati {int.Parse(id.AsSpan(3, 2), CultureInfo.InvariantCulture)}.{id[5..7]}");
        if (id.StartsWith("DNA", StringComparison.Ordinal) && AllDigits(id.AsSpan(3, 6)))
        {
            var parts = (int.Parse(id.AsSpan(3, 2), CultureInfo.InvariantCulture), int.Parse(id.AsSpan(5, 2), CultureInfo.InvariantCulture));
            return Join($"BitTorrent DNA {parts.Item1}.{parts.Item2}.{int.Parse(id.AsSpan(7, 2), CultureInfo.InvariantCulture)}");
        }
        if (id.StartsWith("exbc", StringComparison.Ordinal) || id.StartsWith("FUTB", StringComparison.Ordinal) || id.StartsWith("xUTB", StringComparison.Ordinal))
            return Join($"{(id.AsSpan(6).StartsWith("LORD", StringComparison.Ordinal) ? "BitLord" : "BitComet")} {bytes[4]}.{bytes[5]:D2}");
        if (id.StartsWith("Plus", StringComparison.Ordinal) && AllDigits(id.AsSpan(4, 3)))
            return $"Plus! {id[4]}.{id[5]}.{id[6]}";
        if (id.StartsWith("turbobt", StringComparison.Ordinal) && IsDotted(id.AsSpan(7, 5)))
            return $"TurboBT {id[7..12]}";
        return null;
    }

    private static string? OfWords(string id)
    {
        foreach (var (start, name) in Words)
        {
            if (id.StartsWith(start, StringComparison.Ordinal))
                return name;
        }
        return null;
    }

    /// <summary><c>S58B-----</c>: a letter, up to five signs of version, dashes up to the ninth byte.</summary>
    private static string? OfShadow(string id)
    {
        if (!Shadow.TryGetValue(id[0], out var name) || id.AsSpan(6, 3).IndexOfAnyExcept('-') >= 0)
            return null;
        var version = id.AsSpan(1, 5).TrimEnd('-');
        if (version.Length == 0)
            return null;
        var numbers = new List<string>(version.Length);
        foreach (var sign in version)
        {
            if (!char.IsAsciiLetterOrDigit(sign))
                return null;
            numbers.Add(Digit(sign).ToString(CultureInfo.InvariantCulture));
        }
        return $"{name} {string.Join('.', numbers)}";
    }

    /// <summary>The value of a base-62 digit: 0–9, A–Z from 10, a–z from 36.</summary>
    private static int Digit(char sign) => sign switch
    {
        <= '9' => sign - '0',
        <= 'Z' => sign - 'A' + 10,
        _ => sign - 'a' + 36,
    };

    private static bool AllDigits(ReadOnlySpan<char> text) => text.IndexOfAnyExceptInRange('0', '9') < 0;

    private static bool IsDotted(ReadOnlySpan<char> text)
    {
        foreach (var sign in text)
        {
            if (!char.IsAsciiDigit(sign) && sign != '.')
                return false;
        }
        return true;
    }

    private static string Printable(string signs) => PrintableBytes.Of(Encoding.Latin1.GetBytes(signs));

    private static string Join(FormattableString text) => FormattableString.Invariant(text);
}
