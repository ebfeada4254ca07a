using System.Collections;

namespace BencodeNET.Objects;

public sealed class BList<T> : BList, IList<T>
    where T : class, IBObject
{
    public BList()
    {
    }

    public BList(IEnumerable<T> objects)
    {
        foreach (var item in objects)
            Add(item);
    }

    public new T this[int index]
    {
        get => base[index] as T ?? throw new InvalidCastException($"The object at index {index} is not a {typeof(T).Name}.");
        set => base[index] = value;
    }

    public void Add(T item) => base.Add(item);

    public bool Contains(T item) => base.Contains(item);

    public void CopyTo(T[] array, int arrayIndex)
    {
        foreach (var item in this)
            array[arrayIndex++] = item;
    }

    public new IEnumerator<T> GetEnumerator()
    {
        for (var i = 0; i < Count; i++)
            yield return this[i];
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public int IndexOf(T item) => base.IndexOf(item);

    public void Insert(int index, T item) => base.Insert(index, item);

    public bool Remove(T item) => base.Remove(item);
}
