using System.Globalization;
using System.Text;

namespace Akka.Configuration.Hocon;

/// <summary>Reads HOCON text: first into a draft that keeps substitutions open, then, with everything known, into values.</summary>
internal sealed class HoconReader
{
    private readonly string _text;
    private readonly Func<string, HoconRoot> _include;
    private int _at;

    private HoconReader(string text, Func<string, HoconRoot> include)
    {
        _text = text;
        _include = include;
    }

    private bool AtEnd => _at >= _text.Length;

    public static HoconRoot Read(string text, Func<string, HoconRoot> include)
    {
        var reader = new HoconReader(text ?? "", include);
        var root = new Draft();
        reader.SkipBlank(newlines: true);
        if (!reader.AtEnd && reader._text[reader._at] == '{')
        {
            reader._at++;
            reader.ReadFields(root.MakeObject(), closed: true);
            reader.SkipBlank(newlines: true);
        }

        if (!reader.AtEnd)
            reader.ReadFields(root.MakeObject(), closed: false);
        root.MakeObject();
        return new HoconRoot(new Resolver(root).Resolve(root) ?? new HoconValue(new HoconObject()));
    }

    private FormatException Wrong(string what)
    {
        var line = 1 + _text.AsSpan(0, Math.Min(_at, _text.Length)).Count('\n');
        return new FormatException($"{what} at line {line.ToString(CultureInfo.InvariantCulture)}");
    }

    private void SkipBlank(bool newlines)
    {
        while (!AtEnd)
        {
            var c = _text[_at];
            if (c == '#' || (c == '/' && _at + 1 < _text.Length && _text[_at + 1] == '/'))
            {
                while (!AtEnd && _text[_at] != '\n')
                    _at++;
            }
            else if (c == '\n' ? newlines : char.IsWhiteSpace(c) || c == '\uFEFF')
            {
                _at++;
            }
            else
            {
                return;
            }
        }
    }

    private void ReadFields(Dictionary<string, Draft> target, bool closed)
    {
        while (true)
        {
            SkipBlank(newlines: true);
            while (!AtEnd && _text[_at] == ',')
            {
                _at++;
                SkipBlank(newlines: true);
            }

            if (AtEnd)
                return;
            if (_text[_at] == '}')
            {
                if (!closed)
                    throw Wrong("Unexpected '}'");
                _at++;
                return;
            }

            if (IsInclude())
            {
                ReadInclude(target);
                continue;
            }

            ReadField(target);
        }
    }

    private bool IsInclude()
    {
        const string word = "include";
        return string.CompareOrdinal(_text, _at, word, 0, word.Length) == 0
            && _at + word.Length < _text.Length
            && char.IsWhiteSpace(_text[_at + word.Length]);
    }

    private void ReadInclude(Dictionary<string, Draft> target)
    {
        _at += "include".Length;
        SkipBlank(newlines: false);
        if (AtEnd || _text[_at] != '"')
            throw Wrong("A quoted name must follow include");
        var name = ReadQuoted();
        var included = (_include ?? throw Wrong("There is nobody to resolve an include"))(name);
        foreach (var (key, value) in included.Value.GetObject().Items)
            Assign(target, [key], Draft.Of(value));
    }

    private void ReadField(Dictionary<string, Draft> target)
    {
        var path = ReadPath();
        SkipBlank(newlines: false);
        if (!AtEnd && (_text[_at] is ':' or '='))
        {
            _at++;
            SkipBlank(newlines: true);
        }
        else if (AtEnd || _text[_at] != '{')
        {
            throw Wrong($"'{string.Join('.', path)}' has no value");
        }

        Assign(target, path, ReadValue());
    }

    private static void Assign(Dictionary<string, Draft> target, List<string> path, Draft value)
    {
        for (var i = 0; i < path.Count - 1; i++)
        {
            if (!target.TryGetValue(path[i], out var inner))
                target[path[i]] = inner = new Draft();
            target = inner.MakeObject();
        }

        var key = path[^1];
        if (target.TryGetValue(key, out var existing))
            existing.Then(value);
        else
            target[key] = value;
    }

    private List<string> ReadPath()
    {
        var path = new List<string>();
        while (true)
        {
            if (AtEnd)
                throw Wrong("Unexpected end of text in a key");
            path.Add(_text[_at] == '"' ? ReadQuoted() : ReadUnquotedKey());
            if (AtEnd || _text[_at] != '.')
                return path;
            _at++;
        }
    }

    private string ReadUnquotedKey()
    {
        var start = _at;
        while (!AtEnd && !"$\"{}[]:=+,#`^?!@*&\\.\r\n".Contains(_text[_at], StringComparison.Ordinal))
            _at++;
        var key = _text[start.._at].Trim();
        return key.Length == 0 ? throw Wrong($"A key cannot start with '{(AtEnd ? ' ' : _text[_at])}'") : key;
    }

    private Draft ReadValue()
    {
        var draft = new Draft();
        while (true)
        {
            var blank = _at;
            while (!AtEnd && _text[_at] is ' ' or '\t')
                _at++;
            if (AtEnd || _text[_at] is '\n' or '\r' or ',' or '}' or ']' or '#' || IsLineComment())
                return draft;
            var space = _text[blank.._at];
            switch (_text[_at])
            {
                case '{':
                    _at++;
                    var fields = draft.AddObject();
                    ReadFields(fields, closed: true);
                    break;
                case '[':
                    _at++;
                    draft.AddList(ReadList());
                    break;
                case '"':
                    draft.AddText(space, Matches("\"\"\"") ? ReadTripleQuoted() : ReadQuoted());
                    break;
                case '$' when Matches("${"):
                    draft.AddSubstitution(space, ReadSubstitution());
                    break;
                default:
                    draft.AddText(space, ReadUnquoted());
                    break;
            }
        }
    }

    private bool IsLineComment() => Matches("//");

    private bool Matches(string what) => string.CompareOrdinal(_text, _at, what, 0, what.Length) == 0;

    private List<Draft> ReadList()
    {
        var list = new List<Draft>();
        while (true)
        {
            SkipBlank(newlines: true);
            if (AtEnd)
                return list;
            switch (_text[_at])
            {
                case ']':
                    _at++;
                    return list;
                case ',':
                    _at++;
                    break;
                default:
                    var before = _at;
                    list.Add(ReadValue());
                    if (_at == before)
                        throw Wrong($"Unexpected '{_text[_at]}' in a list");
                    break;
            }
        }
    }

    private string ReadUnquoted()
    {
        var start = _at;
        while (!AtEnd && !"$\"{}[]:=,#\r\n\t ".Contains(_text[_at], StringComparison.Ordinal) && !IsLineComment())
            _at++;
        if (_at == start)
        {
            // A lone special character; let it stand for itself, as in a path or a URL.
            if (_text[_at] is '$' or ':' or '=')
                _at++;
            else
                throw Wrong($"Unexpected '{_text[_at]}'");
        }

        return _text[start.._at];
    }

    private string ReadTripleQuoted()
    {
        _at += 3;
        var end = _text.IndexOf("\"\"\"", _at, StringComparison.Ordinal);
        var text = end < 0 ? _text[_at..] : _text[_at..end];
        _at = end < 0 ? _text.Length : end + 3;
        return text;
    }

    private string ReadQuoted()
    {
        _at++;
        var text = new StringBuilder();
        while (!AtEnd && _text[_at] != '"')
        {
            var c = _text[_at++];
            if (c != '\\' || AtEnd)
            {
                text.Append(c);
                continue;
            }

            c = _text[_at++];
            switch (c)
            {
                case 'n':
                    text.Append('\n');
                    break;
                case 'r':
                    text.Append('\r');
                    break;
                case 't':
                    text.Append('\t');
                    break;
                case 'b':
                    text.Append('\b');
                    break;
                case 'f':
                    text.Append('\f');
                    break;
                case 'u' when _at + 4 <= _text.Length:
                    text.Append((char)ushort.Parse(_text.AsSpan(_at, 4), NumberStyles.HexNumber, CultureInfo.InvariantCulture));
                    _at += 4;
                    break;
                case '"' or '\\' or '/':
                    text.Append(c);
                    break;
                default:
                    throw Wrong($"Unknown escape code: {c}");
            }
        }

        _at++;
        return text.ToString();
    }

    private string ReadSubstitution()
    {
        _at += 2;
        var end = _text.IndexOf('}', _at);
        if (end < 0)
            throw Wrong("A substitution has no end");
        var path = _text[_at..end].Trim();
        _at = end + 1;
        return path;
    }

    /// <summary>A value as written: what was assigned to one key, one assignment after the other.</summary>
    private sealed class Draft
    {
        private readonly List<object> _parts = [];

        public List<object> Parts => _parts;

        public Draft Earlier { get; private set; }

        public bool IsResolving { get; set; }

        public static Draft Of(HoconValue value)
        {
            var draft = new Draft();
            draft._parts.Add(value);
            return draft;
        }

        public void Then(Draft later)
        {
            var before = new Draft { Earlier = Earlier };
            before._parts.AddRange(_parts);
            _parts.Clear();
            _parts.AddRange(later._parts);
            Earlier = before;
        }

        public Dictionary<string, Draft> MakeObject()
        {
            if (_parts is [Dictionary<string, Draft> fields])
                return fields;
            if (_parts.Count > 0)
                Then(new Draft());
            return AddObject();
        }

        public Dictionary<string, Draft> AddObject()
        {
            var fields = new Dictionary<string, Draft>(StringComparer.Ordinal);
            _parts.Add(fields);
            return fields;
        }

        public void AddList(List<Draft> list) => _parts.Add(list);

        public void AddText(string space, string text)
        {
            if (_parts.Count > 0)
                _parts.Add(space);
            _parts.Add(text);
        }

        public void AddSubstitution(string space, string path)
        {
            if (_parts.Count > 0)
                _parts.Add(space);
            _parts.Add(new Reference(path));
        }
    }

    private sealed record Reference(string Path);

    private sealed class Resolver(Draft root)
    {
        public HoconValue Resolve(Draft draft)
        {
            if (draft.IsResolving)
                throw new FormatException("A substitution refers to itself.");
            draft.IsResolving = true;
            try
            {
                var value = Combine(draft.Parts);
                if (draft.Earlier is not { } earlier)
                    return value;
                if (value is not null && !value.IsObject())
                    return value;
                var before = Resolve(earlier);
                if (value is null || before?.IsObject() != true)
                    return value ?? before;
                return new HoconValue(value.GetObject().Over(before.GetObject()));
            }
            finally
            {
                draft.IsResolving = false;
            }
        }

        private HoconValue Combine(List<object> parts)
        {
            HoconObject fields = null;
            List<HoconValue> list = null;
            StringBuilder text = null;
            foreach (var part in parts)
            {
                switch (part)
                {
                    case string piece:
                        (text ??= new StringBuilder()).Append(piece);
                        break;
                    case Dictionary<string, Draft> drafts:
                        fields = Merge(ObjectOf(drafts), fields);
                        break;
                    case List<Draft> items:
                        (list ??= []).AddRange(items.Select(Resolve).Where(static v => v is not null));
                        break;
                    case HoconValue value:
                        Take(value);
                        break;
                    case Reference reference:
                        Take(Find(reference.Path));
                        break;
                }
            }

            if (fields is not null)
                return new HoconValue(fields);
            if (list is not null)
                return new HoconValue(list);
            return text is null ? null : new HoconValue(text.ToString());

            void Take(HoconValue value)
            {
                if (value.IsObject())
                    fields = Merge(value.GetObject(), fields);
                else if (value.IsArray())
                    (list ??= []).AddRange(value.GetArray());
                else if (value.IsString())
                    (text ??= new StringBuilder()).Append(value.GetString());
            }
        }

        private static HoconObject Merge(HoconObject later, HoconObject earlier) => earlier is null ? later : later.Over(earlier);

        private HoconObject ObjectOf(Dictionary<string, Draft> drafts)
        {
            var result = new HoconObject();
            foreach (var (key, draft) in drafts)
            {
                if (Resolve(draft) is { } value)
                    result.Items[key] = value;
            }

            return result;
        }

        /// <summary>Walks the drafts, so that a reference into an object that is still being resolved finds its value.</summary>
        private HoconValue Find(string path)
        {
            var found = Look(root, HoconPath.Split(path), 0);
            return found ?? throw new FormatException($"Unresolved substitution: {path}");
        }

        private HoconValue Look(Draft draft, List<string> path, int depth)
        {
            if (depth == path.Count)
                return Resolve(draft);
            for (var at = draft; at is not null; at = at.Earlier)
            {
                for (var i = at.Parts.Count - 1; i >= 0; i--)
                {
                    var found = at.Parts[i] switch
                    {
                        Dictionary<string, Draft> fields => fields.TryGetValue(path[depth], out var inner) ? Look(inner, path, depth + 1) : null,
                        HoconValue value => HoconPath.Find(value, path, depth),
                        Reference reference => HoconPath.Find(Find(reference.Path), path, depth),
                        _ => null,
                    };
                    if (found is not null)
                        return found;
                }
            }

            return null;
        }
    }
}
