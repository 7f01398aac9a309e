"""Work in processes of its own: started anew, within limits, ended with their parent."""
